package io.sparring.evaluator;

import io.sparring.pipeline.Update;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This evaluator's part in running the suite: on the batches it holds, from where any evaluator has left them. Each image's progress
 * is made known after each step, so that whoever takes over, for whatever reason, repeats at most the step that was under way.
 */
final class SharedSuite {

    private static final Logger LOG = LoggerFactory.getLogger(SharedSuite.class);

    private final SuiteEvaluator suite;
    private final BatchEvaluator whole;
    private final Slice slice;
    private final AttackProgressLog log;
    private final SuitePlan plan;
    private final FactSender facts;

    /**
     * @param whole measures without attack and with PGD what the suite is done with
     * @param slice what the suite is run on
     */
    SharedSuite(SuiteEvaluator suite, BatchEvaluator whole, Slice slice, AttackProgressLog log, SuitePlan plan, FactSender facts) {
        this.suite = suite;
        this.whole = whole;
        this.slice = slice;
        this.log = log;
        this.plan = plan;
        this.facts = facts;
    }

    /**
     * Takes one step on one of the batches, and reports it if that was the last.
     *
     * @param held the batches that this evaluator holds
     * @return the update and how many images it was, or nothing if there was nothing to do
     */
    Optional<Step> next(Collection<ImageBatch> held) {
        log.catchUp();
        List<ImageBatch> batches = held.stream().filter(suite::takes).toList();
        Optional<Update> update = plan.next(log.begun(), identity -> unfinished(identity, batches).isPresent());
        return update.map(found -> step(found, unfinished(found.identity(), batches).orElseThrow()));
    }

    /**
     * What was done.
     *
     * @param update that was measured
     * @param images that were attacked
     */
    record Step(UpdateIdentity update, int images) {
    }

    private Optional<ImageBatch> unfinished(UpdateIdentity update, Collection<ImageBatch> batches) {
        return log.isComplete(update) ? Optional.empty()
                : batches.stream().filter(batch -> !suite.isDone(batch, log.of(update))).findFirst();
    }

    private Step step(Update update, ImageBatch batch) {
        List<AttackProgress> progress = suite.advance(batch, update, log.of(update.identity()));
        progress.forEach(log::add);
        LOG.debug("attacked {} images of batch {}", progress.size(), batch.getBatchNumber());
        if (suite.isDone(batch, log.of(update.identity()))) {
            // before the last progress, by which others know that there is nothing left to do
            List<Evaluation> found = new ArrayList<>(whole.evaluate(batch, update, List.of(slice)));
            found.addAll(suite.facts(batch, update, log.of(update.identity())));
            facts.evaluations(found, update.origin());
        }
        facts.progress(progress);
        return new Step(update.identity(), progress.size());
    }
}
