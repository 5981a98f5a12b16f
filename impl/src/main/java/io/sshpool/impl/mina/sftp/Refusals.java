package io.sshpool.impl.mina.sftp;

import io.sshpool.FileTransferException.Reason;

/** What the numbers of a status mean (draft 02, 7, and those of later drafts that servers send all the same). */
enum Refusals {
    NOT_FOUND(Reason.NOT_FOUND, "there is no such file or directory"),
    PERMISSION(Reason.PERMISSION_DENIED, "permission denied; see who owns it, and who may write to its directory"),
    UNSUPPORTED(Reason.UNSUPPORTED, "the server cannot do that"),
    EXISTS(Reason.WRONG_KIND, "there is something under that name"),
    NO_SPACE(Reason.FAILED, "no space is left, or a quota is used up"),
    OTHER(
            Reason.FAILED,
            "the server gives no reason; for instance a full disk or quota, a directory that is not empty, a name in use, too many open files");

    private final Reason reason;
    private final String meaning;

    Refusals(Reason reason, String meaning) {
        this.reason = reason;
        this.meaning = meaning;
    }

    static Refusals of(int code) {
        return switch (code) {
            case 2, 10 -> NOT_FOUND;
            case 3, 12 -> PERMISSION;
            case 8 -> UNSUPPORTED;
            case 11 -> EXISTS;
            case 14, 15 -> NO_SPACE;
            default -> OTHER;
        };
    }

    Reason reason() {
        return reason;
    }

    String meaning(String said) {
        return meaning + (said.isEmpty() ? "" : " (it says: " + said + ")");
    }
}
