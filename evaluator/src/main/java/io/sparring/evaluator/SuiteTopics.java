package io.sparring.evaluator;

import io.sparring.pipeline.BestValidated;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What the suite of a run is read from: nothing, where the run has none. */
final class SuiteTopics implements AutoCloseable {

    private final RunSpecification run;
    private final SuiteEvaluator suite;
    private final AttackProgressLog log;
    private final BestUpdates best;

    private SuiteTopics(RunSpecification run, SuiteEvaluator suite, AttackProgressLog log, BestUpdates best) {
        this.run = run;
        this.suite = suite;
        this.log = log;
        this.best = best;
    }

    /**
     * @param suite makes the run's suite, if it has one
     * @throws IllegalArgumentException if the run's model program cannot do what its suite needs
     */
    static SuiteTopics open(KafkaSettings kafka, RunSpecification run, SetAside aside, Supplier<SuiteEvaluator> suite) {
        if (!run.evaluation().hasSuite()) {
            return new SuiteTopics(run, null, null, null);
        }
        SuiteEvaluator made = suite.get();
        AttackProgressLog log = new AttackProgressLog(
                kafka.reader(new StringDeserializer(), WireFormat.of(AttackProgress.class).receiver()), run.run(),
                run.partitions(), made::understands, made::isDone, run.data().heldOutImages(), aside);
        BestUpdates best = run.evaluation().suiteOnBest() ? new BestUpdates(
                kafka.reader(new StringDeserializer(), WireFormat.of(Robustness.class).receiver()), run.run(),
                new BestValidated(run)) : null;
        return new SuiteTopics(run, made, log, best);
    }

    /**
     * The suite of the run, or nothing.
     *
     * @param whole measures without attack and with PGD what the suite is done with
     * @param marked where its updates are found
     */
    Optional<SharedSuite> suite(BatchEvaluator whole, MarkedUpdates marked, FactSender facts) {
        if (suite == null) {
            return Optional.empty();
        }
        Supplier<Optional<UpdateIdentity>> due = best == null ? marked::due : best::best;
        return Optional.of(new SharedSuite(suite, whole, Slice.whole(run), log, new SuitePlan(due, marked::find), facts));
    }

    @Override
    public void close() {
        if (log != null) {
            log.close();
        }
        if (best != null) {
            best.close();
        }
    }
}
