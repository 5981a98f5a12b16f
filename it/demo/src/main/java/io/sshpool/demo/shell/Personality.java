package io.sshpool.demo.shell;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What makes one fake host differ from another.
 *
 * @param name its host name
 * @param description what it is for
 * @param upDays how long it pretends to have been up when it starts
 * @param load its load averages
 * @param disks what {@code df -h} shows
 * @param files what it has, by absolute path
 * @param programs what it runs of its own, by command line
 */
public record Personality(
        String name,
        String description,
        int upDays,
        String load,
        String disks,
        Map<String, String> files,
        Map<String, Script> programs) {

    /** Where relative paths start. */
    static final String HOME = "/home/demo";

    /** Checks that nothing is null. */
    public Personality {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(load, "load");
        Objects.requireNonNull(disks, "disks");
        files = Map.copyOf(files);
        programs = Map.copyOf(programs);
    }

    /**
     * What is worth trying on this host.
     *
     * @return command lines
     */
    public List<String> suggestions() {
        return programs.keySet().stream().sorted().toList();
    }
}
