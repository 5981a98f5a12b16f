package io.sshpool.testkit;

import java.io.IOException;
import java.util.function.Function;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.AbstractCommandSupport;

/** A command that answers what the script says. */
final class ScriptedCommand extends AbstractCommandSupport {

    private final ChannelSession channel;
    private final Function<ReceivedCommand, Reply> script;

    ScriptedCommand(String text, ChannelSession channel, Function<ReceivedCommand, Reply> script) {
        super(text, null);
        this.channel = channel;
        this.script = script;
    }

    @Override
    public void run() {
        try {
            ShellText text = ShellText.of(getCommand(), getInputStream());
            Reply reply = script.apply(new ReceivedCommand(channel.getSession().getUsername(), text, getInputStream()));
            Thread.sleep(reply.delay().toMillis());
            if (reply.isDropped()) {
                channel.getSession().close(true);
                return;
            }
            getOutputStream().write(reply.stdoutBytes());
            getOutputStream().flush();
            getErrorStream().write(reply.stderrBytes());
            getErrorStream().flush();
            onExit(reply.exitCode());
        } catch (IOException | InterruptedException e) {
            onExit(255, "ended");
        } catch (RuntimeException | Error e) {
            onExit(255, "the script threw " + e);
        }
    }
}
