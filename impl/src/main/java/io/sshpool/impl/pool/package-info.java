/**
 * The pool itself: {@code Ledger} decides, {@code ConnectionPool} locks, waits and carries out, leases are what callers hold,
 * {@code Targets} finds the target of a key. Uses the API and the JDK only.
 */
package io.sshpool.impl.pool;
