package io.sshpool.impl.mina;

import io.sshpool.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command writes, up to a limit over both streams. Written to by I/O threads: never blocks and never throws, as one would
 * stop every channel of the session and the other close it.
 */
final class Capture implements MinaExecution.Outlet {

    // The JVM makes no larger array.
    private static final long LARGEST = Integer.MAX_VALUE - 16;

    private final Object lock = new Object();

    // All guarded by the lock, which is held for no longer than a copy takes.
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private long room;

    Capture(long limit) {
        room = Math.min(limit, LARGEST);
    }

    /**
     * Takes what fits.
     *
     * @return that there is room for more, unless not all of it did
     */
    @Override
    public Room add(boolean error, byte[] data, int start, int length) {
        synchronized (lock) {
            int fitting = (int) Math.min(length, room);
            try {
                (error ? stderr : stdout).write(data, start, fitting);
            } catch (OutOfMemoryError e) {
                // This much output does not fit the heap: the same as a limit.
                room = 0;
                return Room.NONE;
            }
            room -= fitting;
            return fitting == length ? Room.YES : Room.NONE;
        }
    }

    @Override
    public void ended() {
        // known from the end of the channel
    }

    @Override
    public void exited() {
        // as well
    }

    @Override
    public Output output() {
        synchronized (lock) {
            return Output.of(stdout.toByteArray(), stderr.toByteArray());
        }
    }

    @Override
    public String endOfErrors() {
        synchronized (lock) {
            return stderr.toString(StandardCharsets.UTF_8);
        }
    }
}
