package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.SettableClock;
import io.sparring.schemas.Sample;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SamplesTest {

    private final SettableClock clock = new SettableClock();
    private final List<MockProducer<Long, byte[]>> producers = new ArrayList<>();
    private ModelProgram program;
    private BatchCrafter crafter;
    private Samples samples;

    @BeforeEach
    void load() {
        program = TinyRun.load();
        crafter = new BatchCrafter(TinyRun.with(Map.of()), program, "attacker-1", clock);
        samples = samples(true);
    }

    @AfterEach
    void close() {
        samples.close();
        program.close();
    }

    @Test
    void sendsOneSampleInFiveSecondsHoweverManyBatchesThereAre() {
        for (long number = 0; number < 30; number++) {
            craft(number);
            clock.forward(Duration.ofSeconds(1));
        }
        assertThat(sent()).extracting(ProducerRecord::key).containsExactly(0L, 6L, 12L, 18L, 24L);
        assertThat(sent()).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("tiny.samples");
            Sample sample = WireFormat.of(Sample.class).decode(ByteBuffer.wrap(record.value()));
            assertThat(sample.getBatchNumber()).isEqualTo(record.key());
        });
    }

    /** So that of many attackers that share the partitions only the one with the first samples. */
    @Test
    void samplesOnlyBatchesOfTheFirstPartition() {
        craft(1);
        craft(3);
        assertThat(producers).as("no client before there is something to send").isEmpty();
        craft(4);
        assertThat(sent()).extracting(ProducerRecord::key).containsExactly(4L);
    }

    @Test
    void waitsAMinuteAfterASampleThatWasNotDelivered() {
        samples = samples(false);
        craft(0);
        producers.get(0).errorNext(new TopicAuthorizationException("tiny.samples"));
        clock.forward(Samples.INTERVAL);
        craft(2);
        clock.forward(Samples.AFTER_FAILURE.minusSeconds(1));
        craft(4);
        assertThat(sent()).hasSize(1);
        clock.forward(Duration.ofSeconds(1));
        craft(6);
        assertThat(sent()).extracting(ProducerRecord::key).containsExactly(0L, 6L);
    }

    @Test
    void aTopicThatIsNotThereHoldsNothingUpButTheNextSample() {
        craft(0);
        producers.get(0).sendException = new TimeoutException("Topic tiny.samples not present in metadata after 1000 ms.");
        clock.forward(Samples.INTERVAL);
        craft(2);
        producers.get(0).sendException = null;
        clock.forward(Samples.INTERVAL);
        craft(4);
        assertThat(sent()).extracting(ProducerRecord::key).containsExactly(0L);
    }

    @Test
    void closesItsClient() {
        craft(0);
        samples.close();
        assertThat(producers).singleElement().satisfies(producer -> assertThat(producer.closed()).isTrue());
    }

    private Samples samples(boolean delivers) {
        return new Samples("tiny", 2, new SampledImages(program), () -> {
            producers.add(new MockProducer<>(delivers, null, new LongSerializer(), new ByteArraySerializer()));
            return producers.get(producers.size() - 1);
        }, clock);
    }

    private void craft(long number) {
        samples.crafted(TinyRun.batch(number, number), crafter.craft(TinyRun.batch(number, number), TinyRun.update(0, 0))).run();
    }

    private List<ProducerRecord<Long, byte[]>> sent() {
        return producers.get(producers.size() - 1).history();
    }
}
