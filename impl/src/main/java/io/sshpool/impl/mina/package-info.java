/**
 * Apache MINA SSHD behind the SPI: connects, authenticates, verifies host keys, runs commands. The only package that knows MINA's
 * types; uses the API and {@code pool}.
 */
package io.sshpool.impl.mina;
