package io.sshpool.impl.mina;

import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.AbstractIoServiceFactory;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactory;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.util.threads.SshThreadPoolExecutor;
import org.apache.sshd.common.util.threads.SshdThreadFactory;

/**
 * The threads that MINA parks, one per TCP connect under way. As many as there are connects: with MINA's own three, three dead
 * hosts would hold up all others.
 */
final class ConnectThreads extends SshThreadPoolExecutor {

    private ConnectThreads() {
        super(
                0,
                Integer.MAX_VALUE,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                new SshdThreadFactory("sshpool-connect"));
    }

    // MINA cancels the task of a connect that is given up. Where it had not begun to run, and the socket was connected
    // just then,
    // nobody would close the socket; the task, when it runs, finds out and does.
    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return new FutureTask<>(task, value) {
            @Override
            public boolean cancel(boolean interrupt) {
                return false;
            }
        };
    }

    /** Makes MINA use them, and go through jump hosts. */
    static final class Connectors extends Nio2ServiceFactoryFactory {

        @Override
        public IoServiceFactory create(FactoryManager manager) {
            IoThreads io = new IoThreads(manager + "-nio2", AbstractIoServiceFactory.getNioWorkers(manager));
            return new Nio2ServiceFactory(manager, io, new ConnectThreads()) {
                @Override
                public IoConnector createConnector(IoHandler handler) {
                    return new JumpConnector(super.createConnector(handler), handler);
                }
            };
        }
    }
}
