/** The pool in Weld SE, as an application has it: from its jars, with a configuration, against a server in this JVM. */
package io.sshpool.it.weld;
