/**
 * Reads MicroProfile Config into the pool's settings, targets and credentials, and tells everything that is wrong with it at
 * once. Uses the API, {@code pool} and MicroProfile Config; values are parsed here, so that they mean the same on each server.
 */
package io.sshpool.impl.config;
