package io.sshpool.impl.mina;

import io.sshpool.HostKeyException;
import io.sshpool.impl.pool.Text;
import io.sshpool.spi.Target;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Words why a host key is refused: what was seen, what was expected and where that stands, what to do. */
final class HostKeyRefusal {

    private static final int SHOWN_LINES = 5;

    private final Target target;
    private final Optional<Path> file;
    private final ShownKey shown;

    HostKeyRefusal(Target target, Optional<Path> file, ShownKey shown) {
        this.target = target;
        this.file = file;
        this.shown = shown;
    }

    HostKeyException unknown(List<Integer> malformed) {
        if (file.isEmpty()) {
            return refuse(
                    "is unknown",
                    "there is neither a known_hosts file nor a fingerprint to check it against",
                    trustIt());
        }
        String found = Files.exists(file.get())
                ? file.get() + " has no line for " + name() + noteOn(malformed)
                : "there is no file " + file.get();
        return refuse("is unknown", found, trustIt());
    }

    HostKeyException notUnderstood(List<Integer> malformed) {
        return refuse(
                "is unknown",
                "it is not accepted as new because " + file.orElseThrow() + " has no line for " + name()
                        + noteOn(malformed),
                "mend or delete what cannot be understood");
    }

    HostKeyException changed(List<KnownHostLine> expected, Optional<String> badCertificate) {
        return refuse(
                "has changed",
                "expected " + keys(expected)
                        + badCertificate.map(bad -> "; its certificate " + bad).orElse(""),
                "somebody may be in between; if the server was set up anew, remove the old key: ssh-keygen -f "
                        + quoted(file.orElseThrow().toString()) + " -R " + quoted(name()));
    }

    HostKeyException revoked(KnownHostLine line) {
        return refuse("is revoked", "revoked is " + keys(List.of(line)), "give the server a new key");
    }

    HostKeyException notCertified(List<KnownHostLine> authorities, Optional<String> badCertificate) {
        return refuse(
                "is not certified",
                badCertificate.map(bad -> "its certificate " + bad + "; ").orElse("") + "expected a certificate by "
                        + keys(authorities),
                "renew the server's certificate, or list its key as well");
    }

    HostKeyException notAmongFingerprints() {
        return refuse(
                "is not among the expected fingerprints",
                "expected "
                        + target.trust().fingerprints().stream()
                                .sorted()
                                .limit(SHOWN_LINES)
                                .collect(Collectors.joining(" or ")),
                "a server has a key of each type: set host-key-fingerprint to that of the type shown if it is right,"
                        + " else somebody may be in between");
    }

    HostKeyException notAdded(String reason) {
        return refuse(
                "is unknown",
                "it cannot be accepted as new: " + reason,
                "set known-hosts to a file that can be written");
    }

    HostKeyException busy(FileLocking.Busy cause) {
        return refuse(
                "is unknown",
                "it is not accepted as new because " + file.orElseThrow() + " is " + cause.getMessage(),
                "connect again when nobody else adds to the file");
    }

    HostKeyException unreadable(IOException cause) {
        return new HostKeyException(
                target.name(),
                about("cannot be checked") + ": " + file.orElseThrow() + " cannot be read or written (" + reason(cause)
                        + "); it showed " + shown + "; make it a file that this process may use",
                cause);
    }

    static HostKeyException unreadableKey(Target target, RuntimeException cause) {
        return new HostKeyException(
                target.name(),
                "host key of " + named(target) + " cannot be read: it is malformed or of an unknown type",
                cause);
    }

    private HostKeyException refuse(String what, String found, String advice) {
        return new HostKeyException(
                target.name(), about(what) + ": it showed " + shown + "; " + found + "; " + advice, null);
    }

    private String about(String what) {
        return "host key of " + named(target) + " " + what;
    }

    private static String named(Target target) {
        return target.alias() ? target.name() + " (" + target.server() + ")" : target.name();
    }

    private String name() {
        return HostKeyCheck.names(target).get(0);
    }

    private String trustIt() {
        String type = shown.key().type();
        String option = type.startsWith("ecdsa-") ? "ecdsa" : type.replaceFirst("^ssh-", "");
        return "if that is the server's fingerprint (there: ssh-keygen -lf /etc/ssh/ssh_host_" + option
                + "_key.pub), trust it: ssh-keyscan -t " + option
                + (target.port() == 22 ? "" : " -p " + target.port())
                + " " + quoted(target.host())
                + file.map(path -> " >> " + quoted(path.toString())).orElse("");
    }

    private String keys(List<KnownHostLine> lines) {
        String listed = lines.stream()
                .limit(SHOWN_LINES)
                .map(line -> line.key() + " (" + file.orElseThrow() + ":" + line.number() + ")")
                .collect(Collectors.joining(" or "));
        return lines.size() > SHOWN_LINES ? listed + " or one of " + (lines.size() - SHOWN_LINES) + " more" : listed;
    }

    private static String noteOn(List<Integer> malformed) {
        if (malformed.isEmpty()) {
            return "";
        }
        int more = malformed.size() - 1;
        return " and its line " + malformed.get(0) + (more == 0 ? "" : " (and " + more + " more)")
                + " cannot be understood";
    }

    private static String reason(IOException e) {
        // The message of a file system's exception is often the bare path.
        return e instanceof AccessDeniedException
                ? "permission denied"
                : Text.printable(e.getClass().getSimpleName() + ": " + e.getMessage(), 300);
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:%+@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
