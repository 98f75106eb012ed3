package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.junit.jupiter.api.Test;

class RefusalFilterTest {

    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";

    @Test
    void leavesOutWhatKafkasClientsSayOfARefusal() {
        assertThat(decide(CLIENT, "[AdminClient clientId=a] Connection to node -1 failed authentication due to: it", null))
                .isEqualTo(FilterReply.DENY);
        assertThat(decide(CLIENT, "[Producer clientId=p] reported an issue : {run.runs=TOPIC_AUTHORIZATION_FAILED}", null))
                .isEqualTo(FilterReply.DENY);
        assertThat(decide("org.apache.kafka.clients.producer.internals.Sender", "Aborting batches",
                new ClusterAuthorizationException("no"))).isEqualTo(FilterReply.DENY);
    }

    @Test
    void leavesTheRest() {
        assertThat(decide(CLIENT, "[AdminClient clientId=a] Connection to node -1 could not be established.", null))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(CLIENT, "[Consumer clientId=c] Error", new DisconnectException("gone"))).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("io.sparring.pipeline.Heartbeat", "clientId=a: Topic authorization failed", null))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void leavesWhatABrokerSaysOfItsConnectionsToOthers() {
        assertThat(decide(CLIENT, "[NodeToControllerChannelManager id=1] Connection to node 1 failed authentication due to: it",
                null)).isEqualTo(FilterReply.NEUTRAL);
    }

    private static FilterReply decide(String logger, String message, Throwable thrown) {
        return new RefusalFilter().decide(
                new LoggingEvent("", new LoggerContext().getLogger(logger), Level.ERROR, message, thrown, null));
    }
}
