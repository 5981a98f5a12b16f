package io.sshpool.impl.mina.sftp;

/**
 * How much a server reads or writes for one request.
 *
 * @param read bytes
 * @param write bytes
 */
record Limits(int read, int write) {

    /** OpenSSH's (PROTOCOL, 4.8). */
    static final String EXTENSION = "limits@openssh.com";

    static final String VERSION = "1";

    /** What every server can do, and OpenSSH's own client takes for granted. */
    static final Limits UNKNOWN = new Limits(32 * 1024, 32 * 1024);

    /** OpenSSH's own limit. More would only make the pieces fewer that are under way. */
    private static final int MOST = 255 * 1024;

    static Limits of(Answer answer) {
        Requests.expect(answer, Answer.EXTENDED_REPLY);
        // of a whole packet
        answer.longNumber();
        return new Limits(useful(answer.longNumber()), useful(answer.longNumber()));
    }

    // 0 is no limit, and so is what is negative here.
    private static int useful(long limit) {
        return limit <= 0 ? MOST : (int) Math.max(1024, Math.min(MOST, limit));
    }
}
