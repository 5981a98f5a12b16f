/** The page in a browser. Compiled and run in the profile {@code browser} only, which needs Chromium and ChromeDriver. */
package io.sshpool.demo.browser;
