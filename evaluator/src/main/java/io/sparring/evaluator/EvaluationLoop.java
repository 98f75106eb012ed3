package io.sparring.evaluator;

import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Traced;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.UpdateIdentity;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What an evaluator does next: what every marked update is measured with comes first, and while there is none of it to do, the suite
 * goes on by a step. Used by one thread.
 */
final class EvaluationLoop {

    private static final Logger LOG = LoggerFactory.getLogger(EvaluationLoop.class);
    private static final Duration WAIT = Duration.ofMillis(100);

    private final HeldOutImages heldOut;
    private final List<Slice> always;
    private final BatchEvaluator evaluator;
    private final Optional<SharedSuite> suite;
    private final FactSender facts;
    private final ServiceContext context;
    private final MeasuringPlan plan = new MeasuringPlan();

    /**
     * @param always what every marked update is measured on
     * @param suite nothing where the run has none
     */
    EvaluationLoop(HeldOutImages heldOut, List<Slice> always, BatchEvaluator evaluator, Optional<SharedSuite> suite,
            FactSender facts, ServiceContext context) {
        this.heldOut = heldOut;
        this.always = always;
        this.evaluator = evaluator;
        this.suite = suite;
        this.facts = facts;
        this.context = context;
    }

    /**
     * Measures one batch, if there is anything to measure; otherwise waits a moment for it.
     *
     * @param newest the newest marked update
     * @return why nothing can be measured yet, or nothing
     */
    Optional<String> next(Optional<Update> newest) {
        heldOut.poll(Duration.ZERO);
        Collection<ImageBatch> batches = heldOut.batches();
        List<ImageBatch> measured = batches.stream().filter(batch -> always.stream().anyMatch(slice -> slice.holds(batch))).toList();
        Optional<ImageBatch> next = plan.next(measured, newest);
        if (next.isPresent()) {
            measure(next.get(), plan.update().orElseThrow());
        } else if (!goOnWithSuite(batches)) {
            context.status().state(ServiceState.WAITING);
            heldOut.poll(WAIT);
        }
        return Optional.ofNullable(batches.isEmpty() ? "no held-out images yet"
                : plan.update().isEmpty() ? "no weights yet" : null);
    }

    private void measure(ImageBatch batch, Update update) {
        begin(update.identity());
        List<Evaluation> found;
        try (Traced measuring = facts.measuring(update)) {
            found = evaluator.evaluate(batch, update, always);
            facts.evaluations(found, measuring.context());
        }
        plan.done(batch);
        if (!found.isEmpty()) {
            context.status().handled(batch.getLabels().size());
            LOG.debug("measured batch {}", batch.getBatchNumber());
        }
    }

    private boolean goOnWithSuite(Collection<ImageBatch> batches) {
        if (suite.isEmpty() || batches.isEmpty()) {
            return false;
        }
        Optional<SharedSuite.Step> step = suite.get().next(batches);
        step.ifPresent(taken -> {
            begin(taken.update());
            context.status().handled(taken.images());
        });
        return step.isPresent();
    }

    private void begin(UpdateIdentity update) {
        MDC.put("update", update.key());
        context.status().state(ServiceState.RUNNING);
        context.status().update(update);
    }
}
