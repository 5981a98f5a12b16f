package io.sshpool.impl.pool;

import java.util.Map;
import java.util.TreeMap;

/** Claims that wait, and the order in which their targets get new connections. Guarded by the pool's lock. */
final class Queue {

    /** Accounts with waiters that a new connection could serve, by their oldest one. */
    private final TreeMap<Long, Account> accounts = new TreeMap<>();

    private int size;

    int size() {
        return size;
    }

    /** The account with the oldest waiter of all, or null. */
    Account first() {
        Map.Entry<Long, Account> first = accounts.firstEntry();
        return first == null ? null : first.getValue();
    }

    /** The account with the next oldest waiter, or null. Stays right when accounts come and go in between. */
    Account after(Account account) {
        Map.Entry<Long, Account> next = accounts.higherEntry(account.queuedAs);
        return next == null ? null : next.getValue();
    }

    void add(Claim claim) {
        claim.state = Claim.State.WAITING;
        claim.line().put(claim.sequence, claim);
        size++;
        reorder(claim.account);
    }

    void remove(Claim claim) {
        claim.line().remove(claim.sequence);
        size--;
        reorder(claim.account);
    }

    private void reorder(Account account) {
        long oldest = account.waiters.isEmpty() ? 0 : account.waiters.firstKey();
        if (oldest == account.queuedAs) {
            return;
        }
        if (account.queuedAs != 0) {
            accounts.remove(account.queuedAs);
        }
        if (oldest != 0) {
            accounts.put(oldest, account);
        }
        account.queuedAs = oldest;
    }
}
