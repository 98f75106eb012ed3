package io.sparring.evaluator;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;

/**
 * The updates that the suite may be run on, held until it is: the newest that the run's specification names, and where the best is
 * chosen the last few that are measured. May be used by several threads.
 */
final class MarkedUpdates {

    /** While the best is found out, a few more have come. */
    private static final int HELD = 4;

    private final RunSpecification run;
    private final Function<UpdateIdentity, Optional<Update>> published;
    private final Deque<Update> recent = new ArrayDeque<>();
    private Update due;

    /** @param published finds an update that is not held, unless it is not kept any more */
    MarkedUpdates(RunSpecification run, Function<UpdateIdentity, Optional<Update>> published) {
        this.run = run;
        this.published = published;
    }

    /** Takes an update that evaluators are to measure. */
    synchronized void add(Update update) {
        if (run.suiteAt(update.outcomes())) {
            due = update;
        }
        if (run.evaluation().suiteOnBest()) {
            recent.removeIf(held -> held.identity().equals(update.identity()));
            recent.addLast(update);
            if (recent.size() > HELD) {
                recent.removeFirst();
            }
        }
    }

    /** The newest that the specification names. */
    synchronized Optional<UpdateIdentity> due() {
        return Optional.ofNullable(due).map(Update::identity);
    }

    /** The update, unless it is not kept any more. */
    Optional<Update> find(UpdateIdentity identity) {
        return held(identity).or(() -> published.apply(identity));
    }

    private synchronized Optional<Update> held(UpdateIdentity identity) {
        return Optional.ofNullable(due).filter(update -> update.identity().equals(identity))
                .or(() -> recent.stream().filter(update -> update.identity().equals(identity)).findFirst());
    }
}
