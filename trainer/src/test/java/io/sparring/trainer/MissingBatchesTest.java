package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.attacker.BatchCrafter;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MissingBatchesTest {

    private static final Update PUBLISHED = TinyRun.update(0);

    private final SettableClock clock = new SettableClock();
    private final MissingBatches missing = new MissingBatches(TinyRun.RUN,
            () -> ModelProgram.load(TinyRun.PROGRAM, TinyRun.EXECUTION), "trainer-1", clock);

    @AfterEach
    void close() {
        missing.close();
    }

    @Test
    void isPatientFirstAndThenCraftsOncePerPatience() {
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofMillis(29_999));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofMillis(1));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isPresent();
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofMillis(29_999));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofMillis(1));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isPresent();
    }

    @Test
    void isPatientAnewForAnotherBatch() {
        missing.craft(clean(0), number -> PUBLISHED);
        clock.forward(Duration.ofSeconds(29));
        assertThat(missing.craft(clean(1), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofSeconds(29));
        assertThat(missing.craft(clean(1), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofSeconds(1));
        assertThat(missing.craft(clean(1), number -> PUBLISHED).map(AdversarialBatch::getBatchNumber)).hasValue(1L);
    }

    @Test
    void isPatientAnewWhenTheClockIsSetBack() {
        missing.craft(clean(0), number -> PUBLISHED);
        clock.forward(Duration.ofHours(-1));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
        clock.forward(Duration.ofSeconds(30));
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isPresent();
    }

    @Test
    void isPatientAnewOnceTheBatchHasArrived() {
        missing.craft(clean(0), number -> PUBLISHED);
        clock.forward(Duration.ofSeconds(60));
        missing.found(7);
        missing.found(0);
        assertThat(missing.craft(clean(0), number -> PUBLISHED)).isEmpty();
    }

    @Test
    void craftsUnderTheRunsRuleAgainstThePublishedUpdate() {
        try (ModelProgram program = ModelProgram.load(TinyRun.PROGRAM, TinyRun.EXECUTION)) {
            BatchCrafter crafter = new BatchCrafter(TinyRun.RUN, program, "trainer-1", clock);
            for (Update update : new Update[] {PUBLISHED, TinyRun.update(4)}) {
                missing.craft(clean(3), number -> update);
                clock.forward(Duration.ofSeconds(30));
                AdversarialBatch crafted = missing.craft(clean(3), number -> update).orElseThrow();
                assertThat(crafted).isEqualTo(crafter.craft(TinyRun.clean(3), update));
            }
        }
    }

    @Test
    void answersAnUnusableBatchWithARefusalUnderTheNumberThatIsWaitedFor() {
        assertThat(refusal(new ConsumerRecord<>("tiny.clean-batches", 0, 0, 2L, Received.readable(TinyRun.clean(4)))))
                .isEqualTo("batchNumber: 4; allowed: the record's key, which is 2");
        assertThat(refusal(new ConsumerRecord<>("tiny.clean-batches", 0, 0, 2L, Received.unreadable(new byte[1], "damaged"))))
                .isEqualTo("damaged");
        assertThat(refusal(new ConsumerRecord<>("tiny.clean-batches", 0, 0, 2L, null)))
                .isEqualTo("the record is empty; allowed: an ImageBatch");
    }

    private String refusal(ConsumerRecord<Long, Received<ImageBatch>> clean) {
        missing.craft(clean, number -> PUBLISHED);
        clock.forward(Duration.ofSeconds(30));
        AdversarialBatch answer = missing.craft(clean, number -> PUBLISHED).orElseThrow();
        assertThat(answer.getBatchNumber()).isEqualTo(2);
        return ((Refused) answer.getResult()).getReason();
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> clean(long number) {
        return new ConsumerRecord<>("tiny.clean-batches", 0, 0, number, Received.readable(TinyRun.clean(number)));
    }
}
