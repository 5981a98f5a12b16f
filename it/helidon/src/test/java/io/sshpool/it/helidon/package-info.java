/** The portable suite on Helidon MP: on its class path, on a JDK of its own, without servlets and managed executors. */
package io.sshpool.it.helidon;
