package io.sshpool.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** What commands do. The last entry that matches counts; what none matches is not found, as by a shell. Thread-safe. */
final class Script {

    private record Entry(Predicate<String> matches, Function<ReceivedCommand, Reply> answer) {}

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** A copy, to be restored. */
    Script copy() {
        Script copy = new Script();
        copy.entries.addAll(entries);
        return copy;
    }

    void add(Predicate<String> matches, Function<ReceivedCommand, Reply> answer) {
        entries.add(0, new Entry(matches, answer));
    }

    Reply answer(ReceivedCommand command) {
        return entries.stream()
                .filter(entry -> entry.matches.test(command.text()))
                .findFirst()
                .map(entry -> entry.answer.apply(command))
                .orElseGet(() -> Reply.exit(127).withStderr("sh: not scripted: " + command.text() + "\n"));
    }
}
