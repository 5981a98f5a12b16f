/**
 * The readiness check named {@code sshpool}. It reads what the pool knows anyway, and does nothing to find out more. Uses the API, the
 * pool and MicroProfile Health, which need not be there: then nothing here but {@code ReadinessSource} is loaded.
 */
package io.sshpool.impl.health;
