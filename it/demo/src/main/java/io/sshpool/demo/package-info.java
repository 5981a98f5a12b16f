/**
 * A console for four fake hosts, and an example of how an application uses sshpool: {@code hosts} has the SSH servers and
 * knows nothing of the pool, {@code shell} what they run, {@code web} is the application.
 */
package io.sshpool.demo;
