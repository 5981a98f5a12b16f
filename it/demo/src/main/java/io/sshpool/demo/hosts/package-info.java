/**
 * SSH servers on loopback ports, one a fake host, started before the pool reads its configuration. Nothing here uses the
 * pool.
 */
package io.sshpool.demo.hosts;
