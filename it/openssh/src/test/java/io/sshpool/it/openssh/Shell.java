package io.sshpool.it.openssh;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Processes on this machine. */
final class Shell {

    private Shell() {}

    /** Runs a program to its end, which must be good. */
    static String run(String... line) {
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(line[0] + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Sends a signal to a process, which may end meanwhile. */
    static void signal(String name, ProcessHandle process) {
        try {
            run("sh", "-c", "kill -" + name + " " + process.pid());
        } catch (IllegalStateException e) {
            if (isRunning(process)) {
                throw e;
            }
        }
    }

    /** Ends processes, stopped ones too, and waits until they are gone. */
    static void kill(Collection<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
        await().pollInterval(Duration.ofMillis(2))
                .until(() -> processes.stream().noneMatch(Shell::isRunning));
    }

    /** Whether a process can do anything; one that nobody has buried yet cannot. */
    static boolean isRunning(ProcessHandle process) {
        String stat = read(process, "stat");
        return process.isAlive() && !stat.isEmpty() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    }

    /** The name of a process's program, as the kernel has it; empty when it is gone. */
    static String nameOf(ProcessHandle process) {
        return read(process, "comm").strip();
    }

    /** The processes whose environment names this home, which must be a folder of nobody else. */
    static List<ProcessHandle> withHome(Path home) {
        return ProcessHandle.allProcesses()
                .filter(process -> read(process, "environ").contains("HOME=" + home + "\0"))
                .toList();
    }

    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid(), file), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }
}
