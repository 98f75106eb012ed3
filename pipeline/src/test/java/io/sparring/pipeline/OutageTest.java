package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.schemas.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class OutageTest {

    private final StatusBoard status = new StatusBoard(new SettableClock(0), new SimpleMeterRegistry());
    private final ServiceContext context = new ServiceContext("a-1", status, new SimpleMeterRegistry());
    private final List<String> done = new ArrayList<>();

    @Test
    void beginsAgainWhatFailedBecauseTheClusterWasAway() throws Exception {
        Outage.waitOut(context, () -> {
            done.add("begun");
            if (done.size() < 3) {
                throw new TimeoutException("nobody there");
            }
        });

        assertThat(done).hasSize(3);
        assertThat(status.state()).isEqualTo(ServiceState.WAITING);
    }

    @Test
    void endsWithTheServiceThoughTheClusterIsAway() throws Exception {
        Outage.waitOut(context, () -> {
            done.add("begun");
            context.stop();
            throw new TimeoutException("nobody there");
        });

        assertThat(done).hasSize(1);
    }

    @Test
    void doesNotWaitForWhatDoesNotPass() {
        NoOffsetForPartitionException lost = new NoOffsetForPartitionException(new TopicPartition("runs", 0));

        assertThatThrownBy(() -> Outage.waitOut(context, () -> {
            throw lost;
        })).isSameAs(lost);
    }

    @Test
    void passesWhereAnOutageIsAtTheBottom() {
        assertThat(Outage.passes(new TimeoutException("late"))).isTrue();
        assertThat(Outage.passes(new ExecutionException(new NotCoordinatorException("moved")))).isTrue();
        assertThat(Outage.passes(new IllegalStateException("cannot describe topic t", new TimeoutException("late")))).isTrue();
        assertThat(Outage.passes(new TransactionAbortableException("abort it"))).isTrue();
        assertThat(Outage.passes(new KafkaException("error state", new InvalidPidMappingException("idle for a week")))).isTrue();
        assertThat(Outage.passes(new KafkaException("broken"))).isFalse();
        assertThat(Outage.passes(new ProducerFencedException("another"))).isFalse();
        assertThat(Outage.passes(new IllegalArgumentException("wrong"))).isFalse();
    }

    /** As of a container that is down. */
    @Test
    void aBrokerWhoseNameIsNotKnownMeanwhileIsAway() {
        assertThatThrownBy(() -> KafkaSettings.of("broker.invalid:9092").hasty(new StringSerializer())).isInstanceOf(KafkaException.class)
                .satisfies(failure -> assertThat(Outage.passes(failure)).isTrue());
        assertThatThrownBy(() -> KafkaSettings.of("broker.invalid").hasty(new StringSerializer()))
                .satisfies(failure -> assertThat(Outage.passes(failure)).as("no address at all").isFalse());
    }

    @Test
    void aRefusalDoesNotPassEvenWhereItIsFoundOutLate() {
        assertThat(Outage.passes(new TimeoutException("late", new SaslAuthenticationException("wrong password")))).isFalse();
    }

    @Test
    void aTransactionThatWasOpenForTooLongIsFencedByItself() {
        long[] now = new long[1];
        TransactionTime time = new TransactionTime(() -> now[0]);
        InvalidProducerEpochException fenced = new InvalidProducerEpochException("old");
        KafkaException other = new KafkaException("broken");

        time.begin();
        now[0] += TransactionTime.LIMIT.toNanos() - 1;
        assertThat(time.judge(fenced)).as("another has the id").isSameAs(fenced);
        now[0]++;
        assertThat(Outage.passes(time.judge(fenced))).isTrue();
        assertThat(Outage.passes(time.judge(new KafkaException("error state", fenced)))).isTrue();
        assertThat(time.judge(other)).isSameAs(other);

        time.begin();
        assertThat(time.judge(fenced)).isSameAs(fenced);
    }
}
