package io.sshpool.it.suite;

/** Starts one kind of server. */
public interface Launcher {

    /**
     * Starts a process of its own on a free port of loopback, and waits until the application answers.
     *
     * @throws ServerProcess.StartFailed when server or application do not start; nothing is left running
     */
    ServerProcess start(Deployment deployment);
}
