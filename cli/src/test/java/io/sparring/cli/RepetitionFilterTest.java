package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

class RepetitionFilterTest {

    private static final String CLIENT = "org.apache.kafka.clients.NetworkClient";
    private static final String GONE = "[%s clientId=%s] Connection to node %d (/127.0.0.1:%d) could not be established.";

    private final RepetitionFilter filter = new RepetitionFilter();

    @Test
    void leavesOneLineOfAKindAMinuteWhicheverClientSaysIt() {
        assertThat(decide(CLIENT, Level.WARN, GONE.formatted("Consumer", "c-1", 1, 9092), 0)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, GONE.formatted("Producer", "p", -1, 9093), 1)).isEqualTo(FilterReply.DENY);
        assertThat(decide(CLIENT, Level.WARN, GONE.formatted("Consumer", "c-1", 1, 9092), 59_999)).isEqualTo(FilterReply.DENY);
        assertThat(decide(CLIENT, Level.WARN, GONE.formatted("Producer", "p", 1, 9092), 60_000)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, GONE.formatted("Consumer", "c-1", 1, 9092), 60_001)).isEqualTo(FilterReply.DENY);
    }

    @Test
    void leavesWhatIsOfAnotherKind() {
        assertThat(decide(CLIENT, Level.WARN, "[Consumer clientId=c] one", 0)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(CLIENT, Level.WARN, "[Consumer clientId=c] another", 0)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(CLIENT + "s", Level.WARN, "[Consumer clientId=c] one", 0)).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void leavesErrorsAndWhatOthersSayHoweverOften() {
        for (int time = 0; time < 3; time++) {
            assertThat(decide(CLIENT, Level.ERROR, "[Consumer clientId=c] one", time)).isEqualTo(FilterReply.NEUTRAL);
            assertThat(decide("io.sparring.trainer.Learner", Level.WARN, "one", time)).isEqualTo(FilterReply.NEUTRAL);
            assertThat(decide("org.apache.kafka.controller.One", Level.WARN, "one", time)).isEqualTo(FilterReply.NEUTRAL);
        }
    }

    private FilterReply decide(String logger, Level level, String message, long at) {
        LoggingEvent event = new LoggingEvent("", new LoggerContext().getLogger(logger), level, message, null, null);
        event.setTimeStamp(at);
        return filter.decide(event);
    }
}
