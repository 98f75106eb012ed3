package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.Update;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.UpdateIdentity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasuringPlanTest {

    private static final ImageBatch ZERO = TinyRun.batch(0);
    private static final ImageBatch ONE = TinyRun.batch(1);
    private static final ImageBatch TWO = TinyRun.batch(2);
    private static final Optional<Update> FIRST = Optional.of(update(10));
    private static final Optional<Update> SECOND = Optional.of(update(20));
    private static final Optional<Update> THIRD = Optional.of(update(30));

    private final MeasuringPlan plan = new MeasuringPlan();

    @Test
    void hasNothingToMeasureWithoutAnUpdateOrWithoutBatches() {
        assertThat(plan.next(List.of(ZERO), Optional.empty())).isEmpty();
        assertThat(plan.update()).isEmpty();
        assertThat(plan.next(List.of(), FIRST)).isEmpty();
        assertThat(plan.next(List.of(ZERO), FIRST)).hasValue(ZERO);
        assertThat(plan.update()).isEqualTo(FIRST);
    }

    @Test
    void takesEachBatchOnce() {
        assertThat(plan.next(List.of(ZERO, ONE), FIRST)).hasValue(ZERO);
        assertThat(plan.next(List.of(ZERO, ONE), FIRST)).as("not done yet").hasValue(ZERO);
        plan.done(ZERO);
        assertThat(plan.next(List.of(ZERO, ONE), FIRST)).hasValue(ONE);
        plan.done(ONE);
        assertThat(plan.next(List.of(ZERO, ONE), FIRST)).isEmpty();
    }

    @Test
    void finishesAnUpdateBeforeTheNewestAndSkipsThoseBetween() {
        plan.next(List.of(ZERO, ONE), FIRST);
        plan.done(ZERO);
        assertThat(plan.next(List.of(ZERO, ONE), SECOND)).hasValue(ONE);
        assertThat(plan.update()).isEqualTo(FIRST);
        plan.done(ONE);
        assertThat(plan.next(List.of(ZERO, ONE), THIRD)).as("all of it").hasValue(ZERO);
        assertThat(plan.update()).isEqualTo(THIRD);
    }

    @Test
    void measuresTheUpdateOnBatchesThatItIsAssignedLater() {
        plan.next(List.of(ZERO), FIRST);
        plan.done(ZERO);
        assertThat(plan.next(List.of(ZERO, TWO), FIRST)).hasValue(TWO);
        assertThat(plan.next(List.of(ZERO), FIRST)).as("and no more of what it is not").isEmpty();
    }

    /** As where every batch since was refused. */
    @Test
    void measuresTheSameWeightsOnceThoughTheyArePublishedAgain() {
        plan.next(List.of(ZERO), FIRST);
        plan.done(ZERO);
        Update first = FIRST.orElseThrow();
        Optional<Update> again = Optional.of(new Update(first.identity(), first.nextBatch() + 5, first.outcomes() + 5, true, "", "",
                new byte[0]));
        assertThat(plan.next(List.of(ZERO), again)).isEmpty();
        assertThat(plan.next(List.of(ZERO), SECOND)).hasValue(ZERO);
    }

    private static Update update(long step) {
        return new Update(new UpdateIdentity(0, step), step, step, true, "", "", new byte[0]);
    }
}
