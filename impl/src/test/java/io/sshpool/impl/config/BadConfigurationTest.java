package io.sshpool.impl.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sshpool.SshConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadConfigurationTest {

    @TempDir
    Path folder;

    @Test
    void everyKindOfProblemIsToldAtOnceAndNoSecret() {
        PlainConfig config = PlainConfig.of(
                        "sshpool.max-connections=many",
                        "sshpool.max-waiters=0",
                        "sshpool.acquire-timeout=30",
                        "sshpool.back-off=10m",
                        "sshpool.max-output=16MB",
                        "sshpool.allowed-hosts=10.0.0.0/8",
                        "sshpool.max-conections=4")
                .with(
                        "sshpool.defaults.host=web9",
                        "sshpool.defaults.private-key=c2VjcmV0LWtleQ",
                        "sshpool.defaults.host-key-checking=accept-new",
                        "sshpool.target.web.1.host=web1")
                .with(
                        "sshpool.target.a.hots=web1",
                        "sshpool.target.a.port=65536",
                        "sshpool.target.a.host-key-checking=no")
                .with(
                        "sshpool.target.b.host=-oProxyCommand=x",
                        "sshpool.target.b.user=bob",
                        "sshpool.target.b.password=file:" + folder.resolve("gone"),
                        "sshpool.target.b.known-hosts=" + folder.resolve("known_hosts"),
                        "sshpool.target.b.host-key-checking=strict",
                        "sshpool.target.b.host-key-fingerprint=16:27:ac:a5",
                        "sshpool.target.b.connect-timeout=0s")
                .with(
                        "sshpool.target.c.host=web3",
                        "sshpool.target.c.user=carol",
                        "sshpool.target.c.private-key=" + Reads.KEY.replace("abc", "encrypted s3cr3t-body"),
                        "sshpool.target.c.private-key-passphrase=s3cr3t-passphrase",
                        "sshpool.target.c.password=s3cr3t-password",
                        "sshpool.target.c.host-key-checking=strict",
                        "sshpool.target.c.required=yes");
        SshConfigException thrown = catchThrowableOfType(
                SshConfigException.class, () -> Reads.reader(config).read());
        assertThat(thrown.problems())
                .containsExactlyInAnyOrder(
                        "sshpool.max-connections is \"many\", not a whole number",
                        "sshpool.max-waiters must be at least 1, is 0",
                        "sshpool.acquire-timeout is \"30\", not a duration such as 500ms, 30s, 15m, 1h, 2d or PT15M",
                        "sshpool.back-off must not be above sshpool.max-back-off, is PT10M and PT1M",
                        "sshpool.max-output is \"16MB\", not a size such as 65536, 512K, 16M or 1G",
                        "sshpool.allowed-hosts is \"10.0.0.0/8\","
                                + " not a host pattern: only * and ? stand for other characters",
                        "sshpool.defaults.host cannot be: each target has a host of its own",
                        "sshpool.defaults.private-key: not a private key",
                        "sshpool.defaults.known-hosts is missing:"
                                + " host-key-checking is accept-new, which needs a file to remember keys in",
                        "sshpool.target.web.1 is no name for a target: letters, digits, _ and - only",
                        "sshpool.target.a.host is missing",
                        "sshpool.target.a.user is missing",
                        "sshpool.target.a.port must be 1 to 65535, is 65536",
                        "sshpool.target.a.host-key-checking is \"no\","
                                + " not one of strict, accept-new, insecure-accept-any",
                        "sshpool.target.b.host is \"-oProxyCommand=x\", not a host name or IP address",
                        "sshpool.target.b.password names a file that cannot be read: " + folder.resolve("gone")
                                + " (NoSuchFileException)",
                        "sshpool.target.b.known-hosts names a file that does not exist: "
                                + folder.resolve("known_hosts"),
                        "sshpool.target.b.host-key-fingerprint is \"16:27:ac:a5\","
                                + " not a fingerprint as ssh-keygen -l prints it: SHA256: and 43 characters",
                        "sshpool.target.b.connect-timeout must be more than zero and at most ten years, is PT0S",
                        "sshpool.target.c.private-key: wrong passphrase",
                        "sshpool.target.c.known-hosts is missing:"
                                + " host-key-checking is strict, which needs it or host-key-fingerprint",
                        "sshpool.target.c.required is \"yes\", not true or false",
                        "sshpool.max-conections: unknown, did you mean sshpool.max-connections?",
                        "sshpool.target.a.hots: unknown, did you mean sshpool.target.a.host?");
        StringWriter shown = new StringWriter();
        thrown.printStackTrace(new PrintWriter(shown));
        assertThat(shown.toString())
                .doesNotContain("s3cr3t", "c2VjcmV0", "BEGIN")
                .contains(thrown.problems());
    }

    @Test
    void aTargetWithoutCredentialIsAProblem() {
        assertThat(Reads.problems(
                        "sshpool.target.web.host=web1",
                        "sshpool.target.web.user=u",
                        "sshpool.target.web.private-key-passphrase=alone",
                        "sshpool.target.web.host-key-fingerprint=" + Reads.FINGERPRINT))
                .containsExactly("sshpool.target.web.private-key is missing:"
                        + " a target needs it, agent or password, of its own or among sshpool.defaults");
    }

    @Test
    void aProblemOfTheDefaultsIsToldOnceHoweverManyTargetsMeetIt() {
        assertThat(Reads.problems(Reads.reader(Reads.web()
                        .with("sshpool.target.db.host=db1", "sshpool.target.db.user=u")
                        .with("sshpool.defaults.port=x", "sshpool.defaults.private-key=file:/not/there")
                        .with("sshpool.defaults.host-key-fingerprint=" + Reads.FINGERPRINT))))
                .containsExactlyInAnyOrder(
                        "sshpool.defaults.port is \"x\", not a whole number",
                        "sshpool.defaults.private-key names a file that cannot be read: /not/there"
                                + " (NoSuchFileException)");
    }

    @Test
    void controlCharactersOfAValueDoNotReachTheMessage() {
        assertThat(Reads.problems("sshpool.max-connections=1\u001b[31m\n2"))
                .containsExactly("sshpool.max-connections is \"1?[31m?2\", not a whole number");
    }
}
