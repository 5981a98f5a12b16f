/**
 * A shell that only pretends: a few commands over made-up files. Nothing here reaches the machine that the demo runs on.
 */
package io.sshpool.demo.shell;
