package io.sparring.pipeline;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/**
 * The cluster does not let this client in, does not let it do what it has to, or cannot be trusted. Trying again is of no
 * use until somebody has changed a password, a certificate or an ACL; the message says which and never holds a secret.
 */
public final class KafkaRefusedException extends RuntimeException {

    private KafkaRefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What a failure says of a refusal, if one is at the bottom of it. */
    public static Optional<KafkaRefusedException> in(Throwable failure) {
        String context = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof KafkaRefusedException refused) {
                return Optional.of(refused);
            }
            if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
                return Optional.of(new KafkaRefusedException(
                        "Kafka: " + (context == null ? causes(cause) : context) + "; " + remedy(cause), failure));
            }
            // our own, which says what was tried as well
            context = cause instanceof IllegalStateException ? cause.getMessage() : null;
        }
        return Optional.empty();
    }

    /** The messages of a failure and of what caused it, each once: the outermost alone may say no more than that there is one. */
    public static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (message.contains("JAAS")) {
                // it quotes the word where reading ended: part of the password, if that has a quotation mark in it
                message = "sasl.jaas.config cannot be read";
            }
            if (text.indexOf(message) < 0) {
                text.append(text.length() == 0 ? "" : ": ").append(message);
            }
        }
        return text.toString();
    }

    private static String remedy(Throwable refusal) {
        if (refusal instanceof AuthorizationException) {
            return "its user lacks an ACL (docs/security.md lists those of each service)";
        }
        return refusal instanceof SslAuthenticationException
                ? "see ssl.truststore.location, whose authority has to have signed the broker's certificate, and"
                        + " ssl.keystore.location if the broker asks for one of the client's"
                : "see sasl.mechanism and the user and password in sasl.jaas.config";
    }
}
