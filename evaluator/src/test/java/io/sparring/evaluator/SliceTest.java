package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SliceTest {

    @Test
    void everythingIsMeasuredUnlessTheRunSaysLess() {
        RunSpecification run = run(Map.of());
        assertThat(Slice.whole(run)).isEqualTo(new Slice("held-out", 0, 10));
        assertThat(Slice.always(run)).containsExactly(new Slice("held-out", 0, 10));
        assertThat(Slice.always(run(Map.of("evaluation.sliceImages", "300")))).as("more than there are")
                .containsExactly(new Slice("held-out", 0, 10));
    }

    @Test
    void aPartIsASliceOfAnotherName() {
        RunSpecification run = run(Map.of("evaluation.sliceImages", "60"));
        assertThat(Slice.always(run)).containsExactly(new Slice("held-out-60", 0, 3));
        assertThat(Slice.whole(run)).isEqualTo(new Slice("held-out", 0, 10));
        assertThat(Slice.always(run).get(0).holds(TinyRun.batch(2))).isTrue();
        assertThat(Slice.always(run).get(0).holds(TinyRun.batch(3))).isFalse();
    }

    @Test
    void theValidationSplitIsASliceBesideIt() {
        RunSpecification run = run(Map.of("data.heldOut", "both", "data.validationImages", "50", "evaluation.sliceImages", "60"));
        assertThat(Slice.always(run)).containsExactly(new Slice("held-out-60", 0, 3), new Slice("validation", 10, 3));
        assertThat(run.heldOutBatches()).isEqualTo(13);
        assertThat(Slice.whole(run)).isEqualTo(new Slice("held-out", 0, 10));
    }

    private static RunSpecification run(Map<String, String> more) {
        Map<String, String> options = new HashMap<>(more);
        options.put("data.heldOutImages", "200");
        options.put("data.heldOutBatchSize", "20");
        return RunFile.read(null, Map.of(), options);
    }
}
