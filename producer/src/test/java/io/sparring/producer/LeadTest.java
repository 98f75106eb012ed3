package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Received;
import io.sparring.schemas.TrainingStep;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LeadTest {

    private final LogConsumer<Received<TrainingStep>> steps = new LogConsumer<>("tiny.training-steps", 1);

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
    void neverFallsAndPassesOverWhatHasNoNumber() {
        steps.append(0, 9L);
        Lead lead = lead("data.lead", "5");
        steps.append(0, 3L);
        steps.append(0, null);
        assertThat(lead.limit()).isEqualTo(15);
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
        assertThat(new Lead(steps, endless, () -> false).limit()).isEqualTo(3064);
    }

    private Lead lead(String key, String value) {
        return new Lead(steps, TinyRun.with(Map.of(key, value)), () -> false);
    }
}
