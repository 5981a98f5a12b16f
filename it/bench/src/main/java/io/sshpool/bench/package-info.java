/**
 * What the pool costs: JMH benchmarks of the pool alone, and {@link io.sshpool.bench.EndToEnd} against a real sshd. Uses the doors of
 * the pool and of the MINA adapter, and MINA itself to compare with.
 */
package io.sshpool.bench;
