/**
 * A scripted SSH server for tests of applications that use sshpool. Uses Apache MINA SSHD and JUnit Jupiter; it does not
 * use the pool.
 */
package io.sshpool.testkit;
