/**
 * The pool against OpenSSH's own server, started by each test for itself. Everything is configured as a user would: by lines of a
 * properties file. Uses the doors of every package of the pool, and what a server shows of itself: its log and its processes.
 */
package io.sshpool.it.openssh;
