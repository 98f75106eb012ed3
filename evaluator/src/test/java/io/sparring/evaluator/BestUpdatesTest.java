package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.BestValidated;
import io.sparring.schemas.Received;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BestUpdatesTest {

    private static final TopicPartition PARTITION = new TopicPartition("tiny.robustness", 0);

    private final MockConsumer<String, Received<Robustness>> consumer = new MockConsumer<>("none");
    private final BestUpdates updates = new BestUpdates(consumer, "tiny", new BestValidated("validation", "pgd-20"));
    private long end;

    @BeforeAll
    static void trustOurRecords() {
        WireFormat.of(Robustness.class);
    }

    @Test
    void theBestOfAllThatThereIsHoweverFewAreReadAtOnce() {
        consumer.setMaxPollRecords(16);
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        for (int step = 1; step <= 50; step++) {
            append(report(step, "pgd-20", "validation", step / 100.0));
        }
        assertThat(updates.best()).contains(new UpdateIdentity(0, 50));
        append(report(60, "pgd-20", "validation", 0.5));
        assertThat(updates.best()).as("as good, later").contains(new UpdateIdentity(0, 50));
        append(report(70, "clean", "validation", 0.9));
        append(report(80, "pgd-20", "held-out", 0.9));
        append(null);
        append(report(90, "pgd-20", "validation", 0.6));
        assertThat(updates.best()).contains(new UpdateIdentity(0, 90));
    }

    @Test
    void noneOfNothing() {
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        assertThat(updates.best()).isEmpty();
    }

    private void append(Robustness report) {
        consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), 0, end, "key", report == null ? null : Received.readable(report)));
        consumer.updateEndOffsets(Map.of(PARTITION, ++end));
    }

    private static Robustness report(long step, String attack, String slice, double accuracy) {
        return Robustness.newBuilder().setIncarnation(0).setStep(step).setAttack(attack).setSlice(slice).setStatus(ReportStatus.COMPLETE)
                .setReported(List.of()).setBatches(1).setImages(100).setCorrect(Math.round(100 * accuracy)).setAccuracy(accuracy)
                .setEpsilon(0.1f).setUpdatedAt(Instant.EPOCH).build();
    }
}
