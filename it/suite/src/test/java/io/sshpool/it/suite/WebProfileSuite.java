package io.sshpool.it.suite;

import java.util.List;
import java.util.stream.Stream;

/** What servers of Jakarta's Web Profile have besides: servlets and managed executors. */
public abstract class WebProfileSuite extends HandleSuite {

    @Override
    protected final List<String> places() {
        return plus(super.places(), "servlet");
    }

    @Override
    protected final List<String> outside() {
        return plus(super.outside(), "task", "managed");
    }

    private static List<String> plus(List<String> paths, String... more) {
        return Stream.concat(paths.stream(), Stream.of(more)).toList();
    }
}
