package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PublishedUpdatesTest {

    private final List<ModelUpdate> chunks = new ArrayList<>();
    private final PublishedUpdates updates = new PublishedUpdates(this::consumer, "run", WeightsPart.WEIGHTS);

    @Test
    void findsTheAveragedWeightsForWhoAsksForThem() {
        publish(0, 5);
        chunks.addAll(UpdateRecords.averaged(new UpdateIdentity(0, 5)));
        PublishedUpdates averaged = new PublishedUpdates(this::consumer, "run", WeightsPart.AVERAGED_WEIGHTS);
        assertThat(averaged.atStep(5).weights()).isEqualTo(UpdateRecords.weights(-6));
        assertThat(averaged.newest()).map(Update::sha256).isNotEqualTo(updates.newest().map(Update::sha256));
        assertThat(updates.atStep(5).weights()).isEqualTo(UpdateRecords.weights(5));
    }

    @Test
    void findsTheNewestAndThoseBeforeIt() {
        publish(0, 5);
        publish(0, 10);

        assertThat(updates.newest().map(Update::identity)).contains(new UpdateIdentity(0, 10));
        Update earlier = updates.find(new UpdateIdentity(0, 5)).orElseThrow();
        assertThat(earlier.weights()).isEqualTo(UpdateRecords.weights(5));
        assertThat(updates.find(new UpdateIdentity(1, 5))).isEmpty();
    }

    @Test
    void takesTheNewestIncarnationThatHasTheStep() {
        publish(0, 5);
        publish(0, 10);
        publish(1, 5);
        publish(1, 8);

        assertThat(updates.atStep(5).identity()).isEqualTo(new UpdateIdentity(1, 5));
        assertThat(updates.atStep(10).identity()).isEqualTo(new UpdateIdentity(0, 10));
    }

    @Test
    void namesTheStepsThereAreWhereOneIsNot() {
        assertThatThrownBy(() -> updates.atStep(7)).hasMessageEndingWith("run run keeps: none yet");
        publish(0, 5);
        publish(0, 10);

        assertThatThrownBy(() -> updates.atStep(7)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("step: '7' is not allowed; allowed: the steps of the updates that run run keeps: 5, 10");
    }

    @Test
    void namesTheNearestWhereThereAreMany() {
        TreeSet<Long> steps = LongStream.rangeClosed(0, 40).mapToObj(i -> 5 * i).collect(Collectors.toCollection(TreeSet::new));

        assertThat(PublishedUpdates.describe(steps, 7)).isEqualTo("41 from 0 to 200, the nearest 5 and 10");
        assertThat(PublishedUpdates.describe(steps, 900)).isEqualTo("41 from 0 to 200, the nearest 200");
    }

    @Test
    void anUpdateWithoutAllItsChunksIsNone() {
        publish(0, 5);
        publish(0, 10);
        chunks.remove(chunks.size() - 1);

        assertThat(updates.newest().map(Update::identity)).contains(new UpdateIdentity(0, 5));
    }

    @Test
    void aRunWithoutUpdatesHasNone() {
        assertThat(updates.newest()).isEqualTo(Optional.empty());
    }

    private void publish(int incarnation, long step) {
        chunks.addAll(UpdateRecords.chunks(new UpdateIdentity(incarnation, step), true));
    }

    private LogConsumer<String, Received<ModelUpdate>> consumer() {
        LogConsumer<String, Received<ModelUpdate>> log = new LogConsumer<>("run.model-updates");
        chunks.forEach(chunk -> log.append(0, UpdateRecords.key(chunk), Received.readable(chunk)));
        return log;
    }
}
