/** The application: a page, its REST resources, and in them the pool as an application uses it. */
package io.sshpool.demo.web;
