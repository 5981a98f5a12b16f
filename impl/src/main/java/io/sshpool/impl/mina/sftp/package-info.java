/**
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) as its client speaks it, over a channel of bytes: requests in a pipeline, files, trees. Uses the API and
 * {@code pool}; knows no type of MINA.
 */
package io.sshpool.impl.mina.sftp;
