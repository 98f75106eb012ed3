package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HeartbeatTest {

    private final StatusBoard status = new StatusBoard(new SettableClock(1_000), new SimpleMeterRegistry());
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    private final Heartbeat heartbeat = new Heartbeat(producer, "run", "attacker", "a-1", status);

    @Test
    void sendsTheStatusOfTheMomentUnderTheProcesssKey() {
        status.state(ServiceState.RUNNING);
        status.handled(128);
        heartbeat.send("h:1");
        ProducerRecord<String, byte[]> record = producer.history().get(0);
        assertThat(record.topic()).isEqualTo("run.service-status");
        assertThat(record.partition()).isZero();
        assertThat(record.key()).isEqualTo("attacker/a-1");
        assertThat(WireFormat.of(ServiceStatus.class).decode(ByteBuffer.wrap(record.value())))
                .isEqualTo(status.heartbeat("attacker", "a-1", "h:1"));
    }

    @Test
    void theLastIsSentWhereTheOneBeforeArrived() {
        heartbeat.sendLast("h:1");
        assertThat(producer.history()).as("none before").hasSize(1);
        producer.completeNext();
        heartbeat.sendLast("h:1");
        assertThat(producer.history()).hasSize(2);
    }

    @Test
    void theLastIsNotSentWhileTheClusterCannotBeReached() {
        heartbeat.send("h:1");
        producer.errorNext(new TimeoutException("nobody there"));
        heartbeat.sendLast("h:1");
        assertThat(producer.history()).hasSize(1);
        heartbeat.send("h:1");
        producer.completeNext();
        heartbeat.sendLast("h:1");
        assertThat(producer.history()).as("reachable again").hasSize(3);
    }

    @Test
    void tellsWhetherTheClusterCanBeReached() {
        assertThat(heartbeat.problem()).isEmpty();
        heartbeat.send("h:1");
        producer.errorNext(new TimeoutException("nobody there"));
        assertThat(heartbeat.problem()).contains("the cluster cannot be reached: nobody there");
        heartbeat.send("h:1");
        producer.completeNext();
        assertThat(heartbeat.problem()).isEmpty();
    }

    @Test
    void whoIsRefusedHasReachedTheCluster() {
        heartbeat.send("h:1");
        producer.errorNext(new TopicAuthorizationException(Set.of("run.service-status")));
        assertThat(heartbeat.problem()).isEmpty();
    }

    @Test
    void aRefusalIsLoggedOnce() {
        Logger logger = (Logger) LoggerFactory.getLogger(Heartbeat.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.WARN);
        try {
            for (int beat = 0; beat < 3; beat++) {
                heartbeat.send("h:1");
                producer.errorNext(new TopicAuthorizationException(Set.of("run.service-status")));
            }
        } finally {
            logger.setLevel(null);
            logger.detachAppender(log);
        }
        assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage).containsExactly(
                "nobody sees that this service is alive: Not authorized to access topics: [run.service-status]");
    }

    @Test
    void closesItsProducer() {
        heartbeat.close();
        assertThat(producer.closed()).isTrue();
    }

    /** Nobody listens at port 1. */
    @Test
    void anUnreachableClusterHoldsNobodyUpForLong() {
        long start = System.nanoTime();
        try (Heartbeat real = new Heartbeat(KafkaSettings.of("127.0.0.1:1"), "run", "attacker", "a-1", status)) {
            real.send("h:1");
            real.sendLast("h:1");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
}
