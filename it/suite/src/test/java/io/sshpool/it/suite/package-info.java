/**
 * The portable tests. A server's module gives a {@code Launcher} and extends the suites; they start that server as a process, with the
 * sample application and an SSH server of their own, and talk HTTP to it.
 */
package io.sshpool.it.suite;
