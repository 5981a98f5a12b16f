package io.sshpool.impl.config;

import java.nio.file.Path;
import java.util.List;

/**
 * What a line says of some hosts.
 *
 * @param conditions all of which a host must meet
 * @param keyword what is said
 * @param arguments in the form of our own settings
 * @param place where it stands
 */
record SshConfigEntry(List<SshConfigHost> conditions, SshConfigKeyword keyword, List<String> arguments, Place place) {

    boolean isOf(String name) {
        return conditions.stream().allMatch(condition -> condition.matches(name));
    }

    /** What a problem is told of, in the place of a key. */
    String key() {
        return place + " " + keyword.spelling();
    }

    /** Whether it says that there shall be none. */
    boolean isNone() {
        return arguments.contains(SshConfigKeyword.NONE);
    }

    /** A line of a file. */
    record Place(Path file, int line) {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }
}
