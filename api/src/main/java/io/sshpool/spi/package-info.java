/**
 * What an application may replace with a CDI bean of its own: how to connect, which credential to show, which host keys to
 * trust, who listens. The pool asks these and nothing else of the world outside.
 */
package io.sshpool.spi;
