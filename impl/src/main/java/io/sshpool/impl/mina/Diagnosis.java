package io.sshpool.impl.mina;

import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Target;
import java.io.StreamCorruptedException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;

/** Says what a failed handshake means to the caller, and to the next attempt. */
final class Diagnosis {

    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_OFFERS = 1500;
    private static final Set<Integer> NOT_WHO_WE_SAY = Set.of(
            SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR,
            SshConstants.SSH2_DISCONNECT_AUTH_CANCELLED_BY_USER,
            SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE,
            SshConstants.SSH2_DISCONNECT_ILLEGAL_USER_NAME);

    /**
     * How sshd answers, in place of its identification, to one connection too many; and, since 9.8, to that as to an address which it
     * punishes for failed log-ins (PerSourcePenalties), for a time that another try does not prolong.
     */
    private static final List<String> TOO_MANY = List.of("Exceeded MaxStartups", "Not allowed at this time");

    private Diagnosis() {}

    /** Of a handshake that ended by itself. */
    static SshConnectException of(Handshake handshake) {
        if (handshake.distrust().isPresent()) {
            return handshake.distrust().get();
        }
        Throwable cause = unwrap(handshake.failure());
        return switch (handshake.phase()) {
            case DNS, TCP ->
                handshake
                        .through()
                        .map(through -> noWay(handshake, through, cause))
                        .orElseGet(() -> unreachable(handshake, cause));
            case BANNER -> beforeBanner(handshake, cause);
            case KEX -> duringKex(handshake, cause);
            case AUTH -> duringAuth(handshake, cause);
        };
    }

    /** Of a handshake that took too long. */
    static SshConnectException late(Handshake handshake, Duration timeout) {
        String bound = " within " + timeout.toMillis() + " ms";
        Phase phase = handshake.phase();
        if (phase == Phase.BANNER && handshake.line().isPresent()) {
            return noSshServer(handshake, "it sent no SSH identification" + bound, null);
        }
        String missing = switch (phase) {
            case DNS, TCP -> "did not accept the connection";
            case BANNER -> "accepted the connection, but sent no SSH identification";
            case KEX -> "did not complete the key exchange";
            case AUTH -> "did not complete the authentication";
        };
        return exception(
                handshake,
                phase,
                Kind.UNREACHABLE,
                where(handshake) + " " + missing + bound
                        + "; is it overloaded, or is sshpool.connect-timeout too short?",
                null);
    }

    private static SshConnectException unreachable(Handshake handshake, Throwable cause) {
        // Accepted, and closed before we noticed: the kernel tells a connect so too, in these words only.
        if (cause instanceof SocketException
                && String.valueOf(cause.getMessage()).contains("reset")) {
            return dropped(handshake, "at once", cause);
        }
        String message = "cannot connect to " + where(handshake) + ": " + describe(cause);
        return exception(handshake, Phase.TCP, Kind.UNREACHABLE, message, cause);
    }

    /** The jump host opened no way to the server. */
    private static SshConnectException noWay(Handshake handshake, MinaConnection through, Throwable cause) {
        String message = "cannot connect to " + where(handshake) + ": ";
        if (!through.isOpen()) {
            String lost = "the connection to the jump host was lost";
            return exception(handshake, Phase.TCP, Kind.TRANSIENT, message + lost, cause);
        }
        if (cause instanceof SshChannelOpenException refusal) {
            String said = Text.printable(String.valueOf(refusal.getMessage()), LONGEST_TEXT);
            boolean forbidden = refusal.getReasonCode() == SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED;
            return forbidden
                    ? exception(
                            handshake,
                            Phase.TCP,
                            Kind.INCOMPATIBLE,
                            message + "the jump host forbids it (" + said
                                    + "); see AllowTcpForwarding and PermitOpen there",
                            cause)
                    : exception(
                            handshake,
                            Phase.TCP,
                            Kind.UNREACHABLE,
                            message + "the jump host cannot reach it (" + said + ")",
                            cause);
        }
        return exception(handshake, Phase.TCP, Kind.UNREACHABLE, message + describe(cause), cause);
    }

    private static SshConnectException beforeBanner(Handshake handshake, Throwable cause) {
        String line = handshake.line().orElse("");
        if (TOO_MANY.stream().anyMatch(line::startsWith)) {
            return dropped(handshake, "saying \"" + line + "\"", cause);
        }
        if (cause instanceof StreamCorruptedException || codeOf(cause) > 0) {
            return noSshServer(handshake, describe(cause), cause);
        }
        if (!line.isEmpty()) {
            return noSshServer(handshake, "it sent no SSH identification", cause);
        }
        return dropped(handshake, "before it had sent its identification", cause);
    }

    private static SshConnectException duringKex(Handshake handshake, Throwable cause) {
        int code = codeOf(cause);
        if (code == SshConstants.SSH2_DISCONNECT_KEY_EXCHANGE_FAILED) {
            String hint = handshake.offer().target().legacyAlgorithms()
                    ? ""
                    : "; an old server may need legacy-algorithms of this target";
            String message = "no key exchange with " + where(handshake) + ": "
                    + Text.printable(String.valueOf(cause.getMessage()), LONGEST_OFFERS) + hint;
            return exception(handshake, Phase.KEX, Kind.INCOMPATIBLE, message, cause);
        }
        if (code > 0) {
            String message = "no key exchange with " + where(handshake) + ": " + describe(cause);
            return exception(handshake, Phase.KEX, Kind.UNREACHABLE, message, cause);
        }
        return dropped(handshake, "during the key exchange", cause);
    }

    private static SshConnectException duringAuth(Handshake handshake, Throwable cause) {
        Login login = handshake.login();
        if (login.unsigned().isPresent()) {
            String reason = Text.printable(String.valueOf(login.unsigned().get().getMessage()), LONGEST_TEXT);
            return new SshAuthenticationException(
                    handshake.offer().target().name(),
                    "no log-in to " + where(handshake) + " as "
                            + handshake.offer().target().user() + ": the server would take a key, but " + reason,
                    null);
        }
        int code = codeOf(cause);
        // sshd says so after too many attempts; MINA, of a packet that it cannot read.
        boolean garbled = code == SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR
                && login.tried().isEmpty();
        if (login.hasFailed() || NOT_WHO_WE_SAY.contains(code) && !garbled) {
            return rejected(handshake, cause);
        }
        if (!login.tried().isEmpty()) {
            // Not soon again: it may count this as a failed log-in.
            String message = where(handshake) + " closed the connection after a credential of "
                    + handshake.offer().target().user() + " was shown: " + describe(cause)
                    + "; is the account locked, expired, or kept out by PAM?";
            return exception(handshake, Phase.AUTH, Kind.UNREACHABLE, message, cause);
        }
        return dropped(handshake, "during the authentication", cause);
    }

    private static SshAuthenticationException rejected(Handshake handshake, Throwable cause) {
        Target target = handshake.offer().target();
        List<String> tried = handshake.login().tried();
        List<String> allowed = handshake.login().allowed();
        String what = tried.isEmpty()
                ? "none of the credentials could be shown"
                : "what was shown by " + String.join(", ", tried) + " was rejected";
        String by = allowed.isEmpty()
                ? ""
                : "; the server allows " + Text.printable(String.join(", ", allowed), LONGEST_TEXT);
        String said = codeOf(cause) == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
                ? ""
                : " (" + describe(cause) + ")";
        return new SshAuthenticationException(
                target.name(),
                "no log-in to " + where(handshake) + " as " + target.user() + ": " + what + by + said
                        + "; check user and credential of the target",
                harmless(cause));
    }

    private static SshConnectException noSshServer(Handshake handshake, String why, Throwable cause) {
        String seen = handshake
                .line()
                .map(line -> ", its first line is \"" + line + "\"")
                .orElse("");
        String message = where(handshake) + " is no SSH server: " + why + seen + "; check host and port";
        return exception(handshake, Phase.BANNER, Kind.INCOMPATIBLE, message, cause);
    }

    private static SshConnectException dropped(Handshake handshake, String when, Throwable cause) {
        String message = where(handshake) + " closed the connection " + when + ": " + describe(cause)
                + "; sshd does so beyond MaxStartups, and after failed log-ins from this address (PerSourcePenalties)";
        return exception(handshake, handshake.phase(), Kind.TRANSIENT, message, cause);
    }

    private static SshConnectException exception(
            Handshake handshake, Phase phase, Kind kind, String message, Throwable cause) {
        return new SshConnectException(handshake.offer().target().name(), phase, kind, message, harmless(cause));
    }

    private static String where(Handshake handshake) {
        Target target = handshake.offer().target();
        String who = target.alias() ? target.name() + " (" + target.server() + ")" : target.server();
        return handshake
                .through()
                .map(jump -> who + " through the jump host "
                        + jump.setting().target().name())
                .orElseGet(() -> who + resolved(handshake, target.host()));
    }

    private static String resolved(Handshake handshake, String host) {
        String address = handshake.address().getAddress().getHostAddress();
        return address.equals(host) ? "" : " at " + address;
    }

    private static String describe(Throwable cause) {
        if (cause instanceof SshException && codeOf(cause) == 0) {
            return "end of stream";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : Text.printable(message, LONGEST_TEXT);
    }

    private static int codeOf(Throwable cause) {
        return cause instanceof SshException e ? e.getDisconnectCode() : 0;
    }

    // What quotes the server is in our message, made printable; a stack trace would show it as it came.
    private static Throwable harmless(Throwable cause) {
        return cause instanceof SshException || cause instanceof StreamCorruptedException ? null : cause;
    }

    private static Throwable unwrap(Throwable cause) {
        return cause instanceof ExecutionException && cause.getCause() != null ? cause.getCause() : cause;
    }
}
