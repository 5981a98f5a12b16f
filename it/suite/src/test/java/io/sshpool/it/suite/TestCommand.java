package io.sshpool.it.suite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.server.command.AbstractCommandSupport;

/**
 * What the test's server runs: {@code sleep <ms>} waits first, {@code hold} until the server releases it; {@code whoami} tells the user; anything else is answered
 * with {@code <session>:<text>}, where the number of the session tells connections apart.
 */
final class TestCommand extends AbstractCommandSupport {

    private final long session;
    private final String user;
    private final RunningCommands running;
    private final CountDownLatch released;

    TestCommand(String text, long session, String user, RunningCommands running, CountDownLatch released) {
        super(text, null);
        this.session = session;
        this.user = user;
        this.running = running;
        this.released = released;
    }

    @Override
    public void run() {
        running.began(session);
        try {
            String text = getCommand();
            if (text.startsWith("sleep ")) {
                Thread.sleep(Long.parseLong(text.substring("sleep ".length())));
            } else if (text.equals("hold")) {
                released.await();
            }
            getOutputStream()
                    .write((session + ":" + (text.equals("whoami") ? user : text)).getBytes(StandardCharsets.UTF_8));
            getOutputStream().flush();
            running.ended(session);
            onExit(0);
        } catch (IOException | InterruptedException e) {
            running.ended(session);
            onExit(1, "interrupted");
        }
    }
}
