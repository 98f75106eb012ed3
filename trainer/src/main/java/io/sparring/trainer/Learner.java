package io.sparring.trainer;

import io.sparring.attacker.BatchViews;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.LearningRateSchedule;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.TrainingLosses;
import io.sparring.learning.TrainingParameters;
import io.sparring.learning.TrainingView;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.ObjectiveSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersion;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Gives each batch its outcome and moves the weights. What it does is a function of the weights and the two records alone,
 * so that applying the same records again, after a restart, ends in the same weights.
 */
final class Learner {

    /** Of a float32 that has been a whole number of 1/255. */
    private static final float ROUNDING = 1e-5f;

    private final RunSpecification run;
    private final ModelProgram program;
    private final Supplier<SpecificationVersions> versions;
    private final Map<Integer, LearningRateSchedule> learningRates = new HashMap<>();
    private final AttackNorm norm;
    private final PerturbationEncoding encoding;
    private final Refresher refresher;
    private final Clock clock;
    private int incarnation;
    private long step;

    /**
     * @param versions of the run's specification that are known by now
     * @param program with the weights of update (incarnation, step); the caller's to close
     */
    Learner(RunSpecification run, Supplier<SpecificationVersions> versions, ModelProgram program, int incarnation, long step,
            Clock clock) {
        this.run = run;
        this.versions = versions;
        this.program = program;
        this.norm = AttackNorm.named(run.attack().norm());
        this.encoding = PerturbationEncoding.of(norm);
        this.refresher = new Refresher(run, program);
        this.clock = clock;
        this.incarnation = incarnation;
        this.step = step;
    }

    /** Batches applied to the weights. */
    long step() {
        return step;
    }

    int incarnation() {
        return incarnation;
    }

    /** From here on the steps belong to this incarnation. */
    void incarnation(int newIncarnation) {
        incarnation = newIncarnation;
    }

    /** The program now has the weights of this update. */
    void goOnFrom(UpdateIdentity update) {
        incarnation = update.incarnation();
        step = update.step();
    }

    /**
     * Gives the batch its outcome; the training step's {@code weightsSha256} is left open.
     *
     * @throws NotFiniteException if the loss is NaN or infinite, and with it the weights are, or these make refreshing come to nothing
     */
    TrainingStep apply(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial) {
        return apply(clean, adversarial, versions.get().at(clean.key()));
    }

    /**
     * The same under the version of the specification that was recorded. What was refused is refused again without a look at it:
     * the reason may be what it did to the weights.
     */
    TrainingStep applyAgain(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, TrainingStep recorded) {
        SpecificationVersion version = versions.get().version(recorded.getSpecificationVersion());
        return recorded.getOutcome() == Outcome.REFUSED ? refuse(clean, adversarial, version, recorded.getReason())
                : apply(clean, adversarial, version);
    }

    /** Refuses the batch for a reason that is not in its records; the weights stay as they are. */
    TrainingStep refuse(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, String reason) {
        return refuse(clean, adversarial, versions.get().at(clean.key()), reason);
    }

    private TrainingStep refuse(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, SpecificationVersion version, String reason) {
        return ended(begun(clean, adversarial, version).setOutcome(Outcome.REFUSED).setReason(reason));
    }

    /**
     * Refuses a batch that has no records.
     *
     * @param version of the specification; the newest for the batch if none
     */
    TrainingStep refuse(long batchNumber, String reason, Optional<Integer> version) {
        return ended(begun(batchNumber, version.orElseGet(() -> versions.get().at(batchNumber).version()))
                .setOutcome(Outcome.REFUSED).setReason(reason));
    }

    private TrainingStep.Builder begun(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, SpecificationVersion version) {
        return begun(clean.key(), version.version()).setAdversarialOffset(adversarial.offset());
    }

    private TrainingStep.Builder begun(long batchNumber, int version) {
        return TrainingStep.newBuilder().setBatchNumber(batchNumber).setIncarnation(incarnation).setRefreshSteps(0).setImages(0)
                .setEpsilon(0).setLearningRate(0).setLoss(0).setCrossEntropy(0).setPerception(0).setSpecificationVersion(version);
    }

    private TrainingStep ended(TrainingStep.Builder outcome) {
        return outcome.setStep(step).setTrainedAt(Instant.ofEpochMilli(clock.millis())).build();
    }

    private TrainingStep apply(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, SpecificationVersion version) {
        TrainingStep.Builder outcome = begun(clean, adversarial, version);
        Object result = adversarial.value().value().getResult();
        Optional<String> problem = result instanceof Refused refused ? Optional.of(refused.getReason())
                : BatchCheck.problem(clean).or(() -> problem(clean.value().value(), (Crafted) result));
        if (problem.isPresent()) {
            outcome.setOutcome(Outcome.REFUSED).setReason(problem.get());
        } else {
            apply(clean.value().value(), (Crafted) result, version, outcome);
        }
        return ended(outcome);
    }

    private void apply(ImageBatch clean, Crafted crafted, SpecificationVersion version, TrainingStep.Builder outcome) {
        // the steps of another incarnation count from other weights
        Long staleness = crafted.getIncarnation() == incarnation ? step - crafted.getStep() : null;
        outcome.setCraftedIncarnation(crafted.getIncarnation()).setCraftedStep(crafted.getStep()).setStaleness(staleness)
                .setEpsilon(crafted.getEpsilon());
        boolean stale = staleness == null || staleness > run.stalenessAllowed();
        if (stale && run.staleness().policy().equals("drop")) {
            outcome.setOutcome(Outcome.DROPPED).setReason("staleness: " + (staleness == null
                    ? "crafted in incarnation " + crafted.getIncarnation() + "; allowed: incarnation " + incarnation
                    : staleness + "; allowed: at most " + run.window()));
            return;
        }
        outcome.setOutcome(Outcome.TRAINED);
        float rate = learningRates.computeIfAbsent(version.version(), number ->
                RunProgram.learningRate(version.specification())).at(clean.getBatchNumber());
        BatchViews views = BatchViews.of(clean);
        TrainingLosses losses;
        try {
            List<byte[]> perturbations = stale && RunProgram.refreshes(run)
                    ? refreshed(views, crafted, outcome).orElseThrow(() -> useless(clean, "attacking the weights gives no numbers", rate))
                    : received(crafted);
            losses = program.train(views(views, perturbations), views.labels(),
                    parameters(version.specification().objective(), rate, clean.getEpoch()));
        } catch (IllegalArgumentException e) {
            // perturbed beyond [0,1]
            outcome.setOutcome(Outcome.REFUSED).setReason(e.getMessage()).setRefreshSteps(0).setPerturbationSha256(null)
                    .setCraftedIncarnation(null).setCraftedStep(null).setStaleness(null).setEpsilon(0);
            return;
        }
        if (!losses.allFinite()) {
            throw useless(clean, "the loss is " + losses.total(), rate);
        }
        step++;
        outcome.setImages(views.labels().length).setLearningRate(rate).setLoss(losses.total())
                .setCrossEntropy(losses.crossEntropy()).setPerception(losses.perception())
                .setDivergence(losses.robustness());
    }

    private static NotFiniteException useless(ImageBatch clean, String reason, float rate) {
        return new NotFiniteException(clean.getBatchNumber(), reason, "so the weights are of no use any more: lower "
                + "optimizer.learningRate (" + rate + " at this batch) or let optimizer.notFinite be refuse");
    }

    private static List<byte[]> received(Crafted crafted) {
        byte[] first = BatchViews.bytes(crafted.getPerturbation());
        return crafted.getSecondPerturbation() == null ? List.of(first)
                : List.of(first, BatchViews.bytes(crafted.getSecondPerturbation()));
    }

    private Optional<List<byte[]>> refreshed(BatchViews clean, Crafted crafted, TrainingStep.Builder outcome) {
        return refresher.refresh(clean, crafted).map(refreshed -> {
            outcome.setOutcome(Outcome.REFRESHED).setRefreshSteps(run.staleness().refreshSteps()).setEpsilon(refreshed.radius())
                    .setPerturbationSha256(refreshed.sha256());
            return refreshed.perturbations();
        });
    }

    private List<TrainingView> views(BatchViews clean, List<byte[]> perturbations) {
        List<TrainingView> views = new ArrayList<>();
        for (byte[] pixels : clean.pixels()) {
            views.add(new TrainingView(PixelPerturbation.images(pixels),
                    encoding.perturbed(pixels, perturbations.get(views.size()))));
        }
        return views;
    }

    /** Before the averaging starts the average is the weights, and the term that needs it is left out. */
    private TrainingParameters parameters(ObjectiveSettings objective, float rate, long epoch) {
        boolean waits = program.averages() && epoch < objective.averagingFromEpoch();
        return new TrainingParameters(rate, waits ? 0 : objective.lambda(), objective.beta(), waits ? 0 : objective.averaging());
    }

    /** Why the perturbation is not one of this batch within the run's ball, or nothing. */
    private Optional<String> problem(ImageBatch clean, Crafted crafted) {
        if (!(crafted.getEpsilon() >= 0 && crafted.getEpsilon() <= run.attack().epsilon() * (1 + ROUNDING))) {
            return Optional.of("epsilon: " + crafted.getEpsilon() + "; allowed: 0 to the run's, " + run.attack().epsilon());
        }
        if (crafted.getIncarnation() < 0 || crafted.getStep() < 0 || crafted.getIncarnation() > incarnation
                || crafted.getIncarnation() == incarnation && crafted.getStep() > step) {
            return Optional.of("step: crafted against update " + crafted.getIncarnation() + "/" + crafted.getStep()
                    + "; allowed: one that has been published by " + incarnation + "/" + step);
        }
        if (!crafted.getCleanSha256().equals(clean.getSha256())) {
            return Optional.of("cleanSha256: crafted from another batch; allowed: " + clean.getSha256());
        }
        if (!crafted.getNorm().name().equals(norm.name())) {
            return Optional.of("norm: " + crafted.getNorm() + "; allowed: the run's, " + norm);
        }
        return BatchViews.problem(clean, program)
                .or(() -> problem("perturbation", clean.getPixels(), crafted.getPerturbation(), clean))
                .or(() -> problem("secondPerturbation", clean.getSecondPixels(), crafted.getSecondPerturbation(), clean));
    }

    private Optional<String> problem(String name, ByteBuffer pixels, ByteBuffer perturbation, ImageBatch clean) {
        if (pixels == null || perturbation == null) {
            return pixels == perturbation ? Optional.empty()
                    : Optional.of(name + ": " + (perturbation == null ? "none" : "one") + "; allowed: one for each view");
        }
        return encoding.problem(BatchViews.bytes(pixels), BatchViews.bytes(perturbation), clean.getLabels().size(),
                run.attack().epsilon()).map(problem -> name + ": " + problem);
    }
}
