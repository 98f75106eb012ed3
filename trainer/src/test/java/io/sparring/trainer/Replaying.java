package io.sparring.trainer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A replay of logs in memory. */
final class Replaying {

    final List<String> said = new ArrayList<>();
    private final RunSpecification run;
    private final RecordLog<Long, ImageBatch> clean;
    private final RecordLog<Long, AdversarialBatch> adversarial;
    private long until = Long.MAX_VALUE;
    private Function<UpdateIdentity, Optional<Update>> updates;
    private Map<UpdateIdentity, String> averages = Map.of();

    Replaying(RunSpecification run, RecordLog<Long, ImageBatch> clean, RecordLog<Long, AdversarialBatch> adversarial) {
        this.run = run;
        this.clean = clean;
        this.adversarial = adversarial;
    }

    Replaying until(long step) {
        until = step;
        return this;
    }

    /** Crafts each batch again too. */
    Replaying recrafting(Function<UpdateIdentity, Optional<Update>> published) {
        updates = published;
        return this;
    }

    /** Compares averaged weights too. */
    Replaying averages(Map<UpdateIdentity, String> recorded) {
        averages = recorded;
        return this;
    }

    ReplayResult of(Training training) {
        return of(training.steps(), training.checkpoints());
    }

    ReplayResult of(List<TrainingStep> steps, List<SavedState> checkpoints) {
        SavedState beginning = checkpoints.get(0);
        RecordLog<Long, TrainingStep> log = new RecordLog<>("tiny.training-steps", 1, 3);
        steps.forEach(step -> log.append(0, step.getBatchNumber(), Received.readable(step)));
        SettableClock clock = new SettableClock();
        ReplayPrograms programs = new ReplayPrograms(TinyRun.program(run), run.network().precision(), TinyRun.EXECUTION, true);
        ReplayTally tally = new ReplayTally(beginning.identity(), said::add);
        Optional<Recrafting> recrafting =
                Optional.ofNullable(updates).map(published -> new Recrafting(run, programs, published, tally, clock));
        try (RecordedSteps recorded = new RecordedSteps(log, "tiny", beginning.position());
                ReplaySession session = new ReplaySession(run, SpecificationVersions.of(run), beginning,
                        new RecordedBatches<>(clean.again(), "tiny.clean-batches", beginning.position().getCleanOffsets()),
                        new RecordedBatches<>(adversarial.again(), "tiny.adversarial-batches",
                                beginning.position().getAdversarialOffsets()),
                        identity -> checkpoints.stream().filter(state -> state.identity().equals(identity)).findFirst(),
                        averages, programs, recrafting, tally, clock)) {
            Replay.replay(recorded, session, tally, until, clock, said::add);
        }
        return tally.result(run.run(), 0);
    }

    /** The steps, one of them changed. */
    static List<TrainingStep> changed(List<TrainingStep> steps, int which, UnaryOperator<TrainingStep> change) {
        List<TrainingStep> changed = new ArrayList<>(steps);
        changed.set(which, change.apply(steps.get(which)));
        return changed;
    }
}
