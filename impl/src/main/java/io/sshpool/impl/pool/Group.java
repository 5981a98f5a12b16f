package io.sshpool.impl.pool;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.GroupResult;
import io.sshpool.SshGroup;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * Several keys, and how to go through them.
 *
 * @param execution runs a command on one key
 * @param parallel hosts at a time
 */
record Group(
        Core core,
        List<String> keys,
        BiFunction<String, Command, CompletionStage<ExecResult>> execution,
        int parallel,
        Optional<Duration> limit,
        boolean stopsOnFailure)
        implements SshGroup {

    static Group of(
            Core core, Collection<String> keys, BiFunction<String, Command, CompletionStage<ExecResult>> execution) {
        List<String> distinct =
                keys.stream().map(Objects::requireNonNull).distinct().toList();
        return new Group(core, distinct, execution, core.config.maxConnections(), Optional.empty(), false);
    }

    @Override
    public SshGroup parallel(int hosts) {
        if (hosts < 1) {
            throw new IllegalArgumentException("parallel must be at least 1");
        }
        return new Group(core, keys, execution, hosts, limit, stopsOnFailure);
    }

    @Override
    public SshGroup timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be more than zero");
        }
        return new Group(core, keys, execution, parallel, Optional.of(timeout), stopsOnFailure);
    }

    @Override
    public SshGroup stopOnFailure() {
        return new Group(core, keys, execution, parallel, limit, true);
    }

    @Override
    public GroupResult execute(Command command) {
        GroupRun run = start(command);
        return Waits.await(run.result(), "", "running a command on " + keys.size() + " hosts", run::cancel);
    }

    @Override
    public CompletionStage<GroupResult> executeAsync(Command command) {
        GroupRun run = start(command);
        return Waits.publish(run.result(), core.threads.workers(), run::cancel, unwanted -> {});
    }

    private GroupRun start(Command command) {
        if (keys.size() > 1 && command.hasStream()) {
            throw new IllegalArgumentException(
                    "a stream as standard input can be read once, by one host; give the command bytes or text");
        }
        GroupRun run = new GroupRun(this, command);
        run.start();
        return run;
    }

    @Override
    public String toString() {
        return "Group[" + keys.size() + " hosts, parallel=" + parallel + "]";
    }
}
