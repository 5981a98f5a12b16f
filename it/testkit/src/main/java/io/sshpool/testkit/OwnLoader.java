package io.sshpool.testkit;

import java.util.function.Supplier;

/**
 * MINA looks for its parts by the thread's context class loader. In a container's tests that one may have a MINA of its own, whose parts are
 * no parts of ours.
 */
final class OwnLoader {

    private OwnLoader() {}

    /** Works with this kit's class loader as the thread's. */
    static <T> T call(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(OwnLoader.class.getClassLoader());
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
