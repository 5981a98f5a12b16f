package io.sshpool.impl.mina;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.SshAuthenticationException;
import io.sshpool.SshConnectException;
import io.sshpool.SshConnectException.Kind;
import io.sshpool.SshConnectException.Phase;
import io.sshpool.spi.Credential;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.SessionListener.Event;
import org.junit.jupiter.api.Test;

final class DiagnosisTest {

    @Test
    void a_packet_that_cannot_be_read_before_anything_was_shown_is_no_rejection() {
        SshConnectException failure =
                duringAuthentication(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Invalid packet length: 16777232");

        assertThat(failure).isNotInstanceOf(SshAuthenticationException.class).hasMessageContaining("Invalid packet");
        assertThat(failure.phase()).isEqualTo(Phase.AUTH);
        assertThat(failure.kind()).isEqualTo(Kind.TRANSIENT);
    }

    @Test
    void that_nothing_could_be_shown_is_a_rejection() {
        assertThat(duringAuthentication(SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE, "No more"))
                .isInstanceOf(SshAuthenticationException.class);
    }

    private static SshConnectException duringAuthentication(int code, String message) {
        Login login = new Login(
                List.of(new Credential.Password("p")),
                new Identities(0, null, Validity.onWallClock(), Optional.empty()));
        Handshake handshake = new Handshake(
                new Handshake.Offer(FixedHostKeys.target(22), login, List.of()),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 22),
                FixedHostKeys.trustingNobody(),
                Optional.empty());
        handshake.sessionPeerIdentificationReceived(null, "SSH-2.0-x", List.of());
        handshake.sessionEvent(null, Event.KeyEstablished);
        handshake.fail(new SshException(code, message));
        return Diagnosis.of(handshake);
    }
}
