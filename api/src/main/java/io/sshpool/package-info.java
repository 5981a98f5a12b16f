/**
 * What an application uses: the pool, its leases and handles, commands and their results, settings and exceptions.
 *
 * <p>Nothing here knows the SSH library below or the container around. What an application may <em>replace</em> is in
 * {@link io.sshpool.spi}.
 */
package io.sshpool;
