/** The portable suite on WildFly. */
package io.sshpool.it.wildfly;
