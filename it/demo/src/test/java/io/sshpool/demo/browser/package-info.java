/** The page in a browser. Compiled and run in the profile {@code browser} only, which brings Selenium. */
package io.sshpool.demo.browser;
