package io.sparring.pipeline;

import static io.sparring.pipeline.UpdateRecords.averaged;
import static io.sparring.pipeline.UpdateRecords.chunks;
import static io.sparring.pipeline.UpdateRecords.join;
import static io.sparring.pipeline.UpdateRecords.weights;
import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class UpdateAssemblerTest {

    private final UpdateAssembler assembler = new UpdateAssembler(WeightsPart.WEIGHTS, chunk -> true, SetAside.LOGGED);

    @Test
    void anUpdateIsWholeWithItsLastChunk() {
        List<ModelUpdate> chunks = chunks(new UpdateIdentity(2, 40), true);
        assertThat(assembler.apply(UpdateRecords.record(chunks.get(0)))).isEmpty();
        assertThat(assembler.apply(UpdateRecords.record(chunks.get(1)))).isEmpty();
        Update update = assembler.apply(UpdateRecords.record(chunks.get(2))).orElseThrow();
        assertThat(update.identity()).isEqualTo(new UpdateIdentity(2, 40));
        assertThat(update.nextBatch()).isEqualTo(41);
        assertThat(update.outcomes()).isEqualTo(42);
        assertThat(update.evaluate()).isTrue();
        assertThat(update.programSha256()).isEqualTo(UpdateRecords.PROGRAM);
        assertThat(update.sha256()).isEqualTo(Sha256.of(weights(40)));
        assertThat(update.weights()).isEqualTo(weights(40));
    }

    @Test
    void whereNoOutcomesAreRecordedTheyAreThoseInOrderOfNumber() {
        List<Update> whole = new ArrayList<>();
        chunks(new UpdateIdentity(2, 40), true).forEach(chunk -> assembler.apply(UpdateRecords.record(ModelUpdate.newBuilder(chunk)
                .setOutcomes(-1).build())).ifPresent(whole::add));
        assertThat(whole).singleElement().extracting(Update::outcomes).isEqualTo(41L);
    }

    @Test
    void oneUpdateAfterAnotherIsAssembled() {
        assertThat(steps(join(step(5), step(10), chunks(new UpdateIdentity(1, 5), false)))).containsExactly(5L, 10L, 5L);
    }

    @Test
    void aTornUpdateIsPassedOverAndTheNextIsWhole() {
        for (int missing = 0; missing < 3; missing++) {
            List<ModelUpdate> torn = new ArrayList<>(step(5));
            torn.remove(missing);
            assertThat(steps(join(torn, step(10)))).as("without chunk %d", missing).containsExactly(10L);
        }
    }

    @Test
    void whatCannotBeReadOrIsEmptyTearsNoMoreThanItsOwnUpdate() {
        List<ModelUpdate> chunks = step(5);
        assembler.apply(UpdateRecords.record(chunks.get(0)));
        Received<ModelUpdate> damaged = Received.unreadable(new byte[1], "damaged");
        assertThat(assembler.apply(new ConsumerRecord<>("t", 0, 1, "0/5", damaged))).isEmpty();
        assertThat(assembler.apply(UpdateRecords.record(chunks.get(2)))).isEmpty();
        assertThat(assembler.apply(new ConsumerRecord<>("t", 0, 3, "0/5", null))).isEmpty();
        assertThat(steps(step(10))).containsExactly(10L);
    }

    @Test
    void weightsOfAnotherDigestAreNoUpdate() {
        Chunks wrong = new Chunks(Sha256.of(weights(6)), Chunks.of(weights(5)).pieces());
        assertThat(steps(chunks(new UpdateIdentity(0, 5), false, WeightsPart.WEIGHTS, wrong))).isEmpty();
    }

    @Test
    void chunksOfTwoWritersOfTheSameStepAreNotMixed() {
        List<ModelUpdate> one = step(5);
        List<ModelUpdate> other = chunks(new UpdateIdentity(0, 5), false, WeightsPart.WEIGHTS, Chunks.of(weights(99)));
        assertThat(steps(List.of(one.get(0), other.get(1), one.get(2)))).isEmpty();
    }

    @Test
    void averagedWeightsAreIgnoredWhereverTheyStand() {
        UpdateIdentity identity = new UpdateIdentity(0, 5);
        List<ModelUpdate> mixed = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            mixed.add(step(5).get(i));
            mixed.add(averaged(identity).get(i));
        }
        assertThat(steps(averaged(identity))).isEmpty();
        assertThat(steps(mixed)).containsExactly(5L);
        assertThat(steps(join(step(10), averaged(new UpdateIdentity(0, 10))))).containsExactly(10L);
    }

    @Test
    void whoAsksForTheAveragedWeightsGetsThemAlone() {
        UpdateIdentity identity = new UpdateIdentity(0, 5);
        UpdateAssembler averages = new UpdateAssembler(WeightsPart.AVERAGED_WEIGHTS, chunk -> true, SetAside.LOGGED);
        List<Update> updates = new ArrayList<>();
        for (ModelUpdate chunk : join(step(5), averaged(identity), step(10))) {
            averages.apply(UpdateRecords.record(chunk)).ifPresent(updates::add);
        }
        assertThat(updates).extracting(Update::identity).containsExactly(identity);
        assertThat(updates.get(0).weights()).isEqualTo(weights(-6)).isNotEqualTo(weights(5));
        assertThat(updates.get(0).sha256()).isEqualTo(Sha256.of(weights(-6)));
    }

    @Test
    void onlyWantedUpdatesAreAssembled() {
        UpdateAssembler marked = new UpdateAssembler(WeightsPart.WEIGHTS, ModelUpdate::getEvaluate, SetAside.LOGGED);
        List<Long> steps = new ArrayList<>();
        for (ModelUpdate chunk : join(step(5), chunks(new UpdateIdentity(0, 10), true), step(15))) {
            marked.apply(UpdateRecords.record(chunk)).ifPresent(update -> steps.add(update.identity().step()));
        }
        assertThat(steps).containsExactly(10L);
    }

    @Test
    void exactlyTheUpdatesWithoutAGapComeOutWhole() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<ModelUpdate> log = new ArrayList<>();
            List<Long> whole = new ArrayList<>();
            for (long step = 0; step < 8; step++) {
                int lost = random.nextInt(6);
                List<ModelUpdate> chunks = new ArrayList<>(chunks(new UpdateIdentity((int) seed, step), false));
                if (lost < chunks.size()) {
                    chunks.remove(lost);
                } else {
                    whole.add(step);
                }
                log.addAll(chunks);
            }
            assertThat(steps(log)).as("seed %d", seed).isEqualTo(whole);
        }
    }

    private static List<ModelUpdate> step(long step) {
        return chunks(new UpdateIdentity(0, step), false);
    }

    private List<Long> steps(List<ModelUpdate> log) {
        return log.stream().map(UpdateRecords::record).map(assembler).flatMap(Optional::stream)
                .peek(update -> assertThat(Sha256.of(update.weights())).isEqualTo(update.sha256()))
                .map(update -> update.identity().step()).toList();
    }
}
