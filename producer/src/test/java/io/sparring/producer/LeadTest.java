package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LeadTest {

    private final NumberedLog<Received<TrainingStep>> steps = new NumberedLog<>("tiny.training-steps", 1,
            number -> Received.readable(step(number)));
    private final List<String> aside = new ArrayList<>();
    private long sent = 5000;

    @Test
    void isTheRunsLeadBeforeAnythingIsTrained() {
        assertThat(lead("data.lead", "5").limit()).isEqualTo(5);
    }

    @Test
    void goesOnWhereTheTrainerIs() {
        steps.append(LongStream.range(0, 200).toArray());
        assertThat(lead("data.lead", "5").limit()).isEqualTo(205);
    }

    @Test
    void movesWithTheTrainer() {
        steps.append(0, 1);
        Lead lead = lead("data.lead", "5");
        assertThat(lead.limit()).isEqualTo(7);
        steps.append(2, 3, 4);
        assertThat(lead.limit()).isEqualTo(10);
        assertThat(lead.limit()).as("and stays").isEqualTo(10);
    }

    @Test
    void goesOnBehindWhatWasTrimmedWhileItWasHeldUp() {
        steps.append(0, 1);
        Lead lead = lead("data.lead", "5");
        steps.append(LongStream.range(2, 20).toArray());
        steps.trim(0, 15);
        lead.limit();
        assertThat(lead.limit()).isEqualTo(25);
    }

    @Test
    void neverFallsAndPassesOverWhatHasNoNumber() {
        steps.append(0, 9L);
        Lead lead = lead("data.lead", "5");
        steps.append(0, 3L);
        steps.append(0, null);
        assertThat(lead.limit()).isEqualTo(15);
    }

    @Test
    void goesOnWhereTheTrainerIsThoughACopyOfAnOlderStepStandsBehind() {
        steps.append(7, 8, 9, 2);
        assertThat(lead("data.lead", "5").limit()).isEqualTo(15);
    }

    @Test
    void isNotMovedByWhatIsNoStepOfABatchThatHasBeenSent() {
        sent = 12;
        steps.append(0, 1);
        Lead lead = lead("data.lead", "5");
        steps.append(0, 3L, Received.readable(step(4)));
        steps.append(0, 4L, Received.unreadable(new byte[1], "damaged"));
        steps.append(0, 5L, null);
        steps.append(0, -1L);
        steps.append(0, 12L);
        steps.append(0, Long.MAX_VALUE);
        assertThat(lead.limit()).isEqualTo(7);
        assertThat(aside).containsExactly("batchNumber: 4; allowed: the record's key, which is 3", "damaged",
                "the record is empty; allowed: a TrainingStep",
                "batchNumber: -1; allowed: that of a batch that has been sent, 0 to 11",
                "batchNumber: 12; allowed: that of a batch that has been sent, 0 to 11",
                "batchNumber: 9223372036854775807; allowed: that of a batch that has been sent, 0 to 11");
        steps.append(11);
        assertThat(lead.limit()).isEqualTo(17);
    }

    @Test
    void endsWithTheRun() {
        steps.append(LongStream.range(0, 97).toArray());
        Lead lead = lead("data.batches", "100");
        assertThat(lead.limit()).isEqualTo(100);
        steps.append(97, 98, 99);
        assertThat(lead.limit()).isEqualTo(100);
    }

    @Test
    void anEndlessRunHasNoEnd() {
        steps.append(LongStream.range(0, 3000).toArray());
        RunSpecification endless =
                TinyRun.with(Map.of("data.batches", "0", "optimizer.schedule", "constant", "data.lead", "64"));
        assertThat(new Lead(steps, endless, () -> sent, (record, bytes, reason) -> aside.add(reason), () -> false)
                .limit()).isEqualTo(3064);
    }

    private Lead lead(String key, String value) {
        return new Lead(steps, TinyRun.with(Map.of(key, value)), () -> sent, (record, bytes, reason) -> aside.add(reason),
                () -> false);
    }

    private static TrainingStep step(long number) {
        return TrainingStep.newBuilder().setBatchNumber(number).setIncarnation(0).setStep(number + 1).setOutcome(Outcome.TRAINED)
                .setRefreshSteps(0).setImages(8).setEpsilon(0).setLearningRate(0).setLoss(0).setCrossEntropy(0).setPerception(0)
                .setTrainedAt(Instant.EPOCH).build();
    }
}
