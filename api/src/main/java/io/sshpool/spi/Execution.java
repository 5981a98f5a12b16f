package io.sshpool.spi;

import io.sshpool.ExecResult;

/**
 * A command whose output is kept until its end. Its {@link #result()} fails also with {@link io.sshpool.CommandTimeoutException} and
 * {@link io.sshpool.OutputLimitException}; the connection is lost retryably only when the command was not sent.
 */
public interface Execution extends SshChannel<ExecResult> {}
