/**
 * Listeners of our own: what the pool does, told to people. Listeners only watch; nothing that happens in one changes what the
 * pool does. Uses the API, {@code pool} and the JDK.
 */
package io.sshpool.impl.telemetry;
