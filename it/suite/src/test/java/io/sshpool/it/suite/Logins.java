package io.sshpool.it.suite;

import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/** Counts the sessions that authenticate, and those that say goodbye. */
final class Logins implements SessionListener {

    private final TestSshServer server;

    Logins(TestSshServer server) {
        this.server = server;
    }

    @Override
    public void sessionDisconnect(Session session, int reason, String message, String language, boolean initiator) {
        if (!initiator) {
            server.saidGoodbye();
        }
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            server.loggedIn();
        }
    }
}
