package io.sshpool.it.suite;

import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;

/** Counts the sessions that authenticate. */
final class Logins implements SessionListener {

    private final TestSshServer server;

    Logins(TestSshServer server) {
        this.server = server;
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            server.loggedIn();
        }
    }
}
