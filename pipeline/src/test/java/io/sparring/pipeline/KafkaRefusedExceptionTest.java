package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertPathValidatorException;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaRefusedExceptionTest {

    @Test
    void aMissingAclIsFoundUnderneathAndNamed() {
        Throwable failure = new ExecutionException(new KafkaException("in an error state",
                new TopicAuthorizationException(Set.of("run.attacks"))));
        assertThat(KafkaRefusedException.in(failure)).get().satisfies(refused -> assertThat(refused)
                .hasMessage("Kafka: Not authorized to access topics: [run.attacks]; "
                        + "its user lacks an ACL (docs/security.md lists those of each service)").hasCause(failure));
    }

    @Test
    void whatWasTriedIsSaidWhereItIsKnown() {
        Throwable failure = new IllegalStateException("cannot describe topic run.attacks: Topic authorization failed.",
                new TopicAuthorizationException("Topic authorization failed."));
        assertThat(message(failure))
                .startsWith("Kafka: cannot describe topic run.attacks: Topic authorization failed.; its user");
    }

    @Test
    void aWrongPasswordPointsAtTheLogin() {
        assertThat(message(new SaslAuthenticationException("invalid credentials")))
                .isEqualTo("Kafka: invalid credentials; see sasl.mechanism and the user and password in sasl.jaas.config");
    }

    @Test
    void aCertificateIsRefusedForAReasonFurtherDown() {
        SSLHandshakeException handshake = new SSLHandshakeException("PKIX path validation failed");
        handshake.initCause(new CertPathValidatorException("signature check failed"));
        assertThat(message(new SslAuthenticationException("SSL handshake failed", handshake)))
                .startsWith("Kafka: SSL handshake failed: PKIX path validation failed: signature check failed; see ssl.");
    }

    @Test
    void aRefusalThatWasFoundStaysTheSame() {
        KafkaRefusedException refused = KafkaRefusedException.in(new SaslAuthenticationException("no")).orElseThrow();
        assertThat(KafkaRefusedException.in(new IllegalStateException(refused))).containsSame(refused);
    }

    @Test
    void otherFailuresAreNone() {
        assertThat(KafkaRefusedException.in(new ExecutionException(new TimeoutException("later")))).isEmpty();
    }

    private static String message(Throwable failure) {
        return KafkaRefusedException.in(failure).orElseThrow().getMessage();
    }
}
