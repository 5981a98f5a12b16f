package io.sshpool.it.openssh;

import io.sshpool.ExecResult;
import io.sshpool.RemoteProcess;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;

/** Much output, in a JVM of its own whose heap is small: floods that nobody reads, while gigabytes are read and written. */
final class SmallHeap {

    private static final int FLOODS = 5;
    private static final byte[] CHUNK = new byte[64 * 1024];

    private SmallHeap() {}

    /**
     * Runs.
     *
     * @param arguments how many gigabytes, and the target's configuration
     */
    public static void main(String... arguments) throws IOException {
        LogManager.getLogManager().reset();
        long bytes = Long.parseLong(arguments[0]) << 30;
        try (SshPool pool = Pools.open(arguments[1], "sshpool.max-connections=1");
                SshLease lease = pool.acquire("build")) {
            List<RemoteProcess> floods = new ArrayList<>();
            for (int i = 0; i < FLOODS; i++) {
                floods.add(lease.start("yes"));
            }
            long started = System.nanoTime();
            System.out.println("read " + read(lease, bytes) + " bytes in " + millisSince(started) + " ms");
            started = System.nanoTime();
            System.out.println("wrote " + write(lease, bytes / 8) + " bytes in " + millisSince(started) + " ms");
            System.gc();
            Runtime jvm = Runtime.getRuntime();
            System.out.println((jvm.totalMemory() - jvm.freeMemory() >> 20) + " MiB of " + (jvm.maxMemory() >> 20)
                    + " MiB in use, " + FLOODS + " floods unread");
            floods.forEach(RemoteProcess::close);
        }
    }

    private static long read(SshLease lease, long bytes) throws IOException {
        long sum = 0;
        try (RemoteProcess process = lease.start("head -c " + bytes + " /dev/zero")) {
            for (int read = 0; read >= 0; read = process.stdout().read(CHUNK)) {
                sum += read;
            }
            process.waitFor().orThrow();
        }
        return sum;
    }

    private static String write(SshLease lease, long bytes) throws IOException {
        try (RemoteProcess process = lease.start("wc -c")) {
            for (long left = bytes; left > 0; left -= CHUNK.length) {
                process.stdin().write(CHUNK);
            }
            process.stdin().close();
            String count = process.lines().findFirst().orElseThrow();
            ExecResult end = process.waitFor();
            return end.isSuccess() ? count.trim() : "no";
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
