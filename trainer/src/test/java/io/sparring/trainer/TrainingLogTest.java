package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.SetAside;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TrainingLogTest {

    private RecordLog<Long, TrainingStep> log = new RecordLog<>("tiny.training-steps", 1, 16);
    private final List<Long> aside = new ArrayList<>();
    private long taken;

    @Test
    void aRunWithoutStepsHasNone() {
        assertThat(from(0)).isEmpty();
    }

    @Test
    void givesTheStepsOfTheNextBatchAndAfter() {
        append(LongStream.range(0, 10));
        assertThat(from(7)).containsExactly(7L, 8L, 9L);
        assertThat(from(0)).hasSize(10);
        assertThat(from(10)).isEmpty();
    }

    @Test
    void looksAsFarBackAsIsNeeded() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int steps = random.nextInt(600);
            int nextBatch = random.nextInt(steps + 1);
            log = new RecordLog<>("tiny.training-steps", 1, 100);
            append(LongStream.range(0, steps));
            assertThat(from(nextBatch)).as("seed %d: from %d of %d", seed, nextBatch, steps)
                    .isEqualTo(LongStream.range(nextBatch, steps).boxed().toList());
        }
    }

    @Test
    void keepsTheRecordedOrder() {
        append(LongStream.of(0, 2, 1, 4, 3));
        assertThat(from(1)).containsExactly(2L, 1L, 4L, 3L);
    }

    @Test
    void takesAllThatIsLeftOfATrimmedLog() {
        append(LongStream.range(0, 200));
        log.trim(0, 50);
        assertThat(from(50)).hasSize(150).startsWith(50L);
    }

    @Test
    void passesOverWhatCannotBeRead() {
        append(LongStream.range(0, 3));
        log.append(0, 3L, Received.unreadable(new byte[1], "damaged"));
        log.append(0, null, null);
        append(LongStream.range(3, 5));
        assertThat(from(2)).containsExactly(2L, 3L, 4L);
        assertThat(aside).containsExactly(3L, 4L);
    }

    @Test
    void takesTheFirstRecordOfANumberAlone() {
        append(LongStream.range(0, 3));
        log.append(0, 1L, Received.readable(step(1, 2)));
        log.append(0, 2L, Received.readable(TrainingStep.newBuilder(step(2, 3)).setOutcome(Outcome.REFUSED).build()));
        log.append(0, 4L, Received.readable(step(3, 4)));
        append(LongStream.range(3, 5));
        assertThat(from(1)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(aside).containsExactly(3L, 4L, 5L);
    }

    @Test
    void copiesOfOlderStepsDoNotEndTheSearchTooSoon() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            log = new RecordLog<>("tiny.training-steps", 1, 100);
            taken = 0;
            for (long number = 0; number < 400; number++) {
                append(LongStream.of(number));
                if (random.nextInt(4) == 0) {
                    long copied = random.nextInt((int) number + 1);
                    log.append(0, copied, Received.readable(step(copied, copied + 1)));
                }
            }
            assertThat(from(250)).as("seed %d", seed).isEqualTo(LongStream.range(250, 400).boxed().toList());
        }
    }

    @Test
    void endsEarlyWhenItIsToStop() {
        append(LongStream.range(0, 10));
        assertThat(TrainingLog.from(log, "tiny", outcomes(0), SetAside.LOGGED, () -> true)).isEmpty();
    }

    @Test
    void findsAllThatCameAfterACheckpointWithOutcomesAbove() {
        for (int offset = 0; offset < 150; offset++) {
            int above = offset;
            log = new RecordLog<>("tiny.training-steps", 1, 100);
            append(LongStream.range(0, offset + 10));
            // the checkpoint comes after 12 + offset, and the lowest missing one last
            append(LongStream.of(12, 11, 14, 13, 10, 15).map(number -> number + above));
            Outcomes outcomes = new Outcomes(new Position(offset + 10L, List.of(offset + 12L), List.of(), List.of()));
            assertThat(TrainingLog.from(log, "tiny", outcomes, SetAside.LOGGED, () -> false)).as("%d before", offset)
                    .extracting(step -> step.getBatchNumber() - above).containsExactly(11L, 14L, 13L, 10L, 15L);
        }
    }

    private static Outcomes outcomes(long nextBatch) {
        return new Outcomes(new Position(nextBatch, List.of(), List.of(), List.of()));
    }

    private void append(LongStream numbers) {
        numbers.forEach(number -> log.append(0, number, Received.readable(step(number, ++taken))));
    }

    private static TrainingStep step(long number, long step) {
        return TrainingStep.newBuilder().setBatchNumber(number).setIncarnation(0).setStep(step).setOutcome(Outcome.TRAINED)
                .setRefreshSteps(0).setImages(8)
                .setEpsilon(0).setLearningRate(0).setLoss(0).setCrossEntropy(0).setPerception(0)
                .setTrainedAt(Instant.ofEpochMilli(0)).build();
    }

    private List<Long> from(long nextBatch) {
        return TrainingLog.from(log, "tiny", outcomes(nextBatch), (record, bytes, reason) -> aside.add(record.offset()),
                () -> false).stream().map(TrainingStep::getBatchNumber).toList();
    }
}
