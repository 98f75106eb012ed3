package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of batches that are too stale where the run refreshes them. */
class RefresherTest {

    private static final int BEYOND = TinyRun.WINDOW + 1;
    private static final Tensors INITIAL = TinyRun.initialWeights();

    private final SettableClock clock = new SettableClock();

    @ParameterizedTest
    @CsvSource({"pgd-at, linf", "trades, linf", "pgd-at, l2"})
    void trainsOnFurtherStepsFromThePerturbationReceivedAgainstTheWeightsAsTheyAre(String objective, String norm) {
        RunSpecification run = run(Map.of("objective.name", objective, "attack.norm", norm));
        ImageBatch batch = TinyRun.clean(1);
        byte[] pixels = batch.getPixels().array();
        PerturbationEncoding encoding = PerturbationEncoding.of(AttackNorm.named(norm));
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            float radius = encoding.radius(run.attack().epsilon());
            int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
            Crafted received = received(batch, norm, radius, encoding);
            byte[] expected = encoding.encode(pixels, program.continueAttack("training", PixelPerturbation.images(pixels),
                    encoding.perturbed(pixels, received.getPerturbation().array()), labels, radius, run.attack().stepSize())
                    .perturbed(), TinyRun.IMAGES, radius);

            TrainingStep step = learner(run, program, 0, BEYOND).apply(clean(batch), adversarial(received));

            assertThat(step.getOutcome()).isEqualTo(Outcome.REFRESHED);
            assertThat(step.getReason()).isNull();
            assertThat(step.getRefreshSteps()).isEqualTo(3);
            assertThat(step.getStaleness()).isEqualTo(BEYOND);
            assertThat(step.getImages()).isEqualTo(TinyRun.IMAGES);
            assertThat(step.getEpsilon()).isEqualTo(radius);
            assertThat(step.getStep()).isEqualTo(BEYOND + 1);
            assertThat(step.getPerturbationSha256()).isEqualTo(Sha256.of(expected));
            assertThat(expected).isNotEqualTo(received.getPerturbation().array());
            assertThat(encoding.problem(pixels, expected, TinyRun.IMAGES, radius)).isEmpty();
            Tensors refreshed = program.weights();

            program.assign(INITIAL);
            learner(run, program, 0, 0).apply(clean(batch), adversarial(
                    Crafted.newBuilder(received).setPerturbation(ByteBuffer.wrap(expected)).build()));
            assertThat(refreshed).as("as if that had been received").isEqualTo(program.weights());
        }
    }

    /** Its one step is as long as the radius: from an edge of the ball it would lead back to the image. */
    @Test
    void theFastGradientIsTakenAnewFromTheImages() {
        RunSpecification run = run(Map.of("attack.name", "fgsm", "attack.steps", "1", "staleness.refreshSteps", "1"));
        ImageBatch batch = TinyRun.clean(1);
        byte[] pixels = batch.getPixels().array();
        PerturbationEncoding encoding = PerturbationEncoding.of(AttackNorm.LINF);
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            float radius = encoding.radius(run.attack().epsilon());
            int[] labels = batch.getLabels().stream().mapToInt(Integer::intValue).toArray();
            byte[] anew = encoding.encode(pixels, program.perturb("training", PixelPerturbation.images(pixels), labels, 1, radius,
                    radius), TinyRun.IMAGES, radius);

            TrainingStep step = learner(run, program, 0, BEYOND).apply(clean(batch), adversarial(received(batch, "linf", radius,
                    encoding)));

            assertThat(step.getOutcome()).isEqualTo(Outcome.REFRESHED);
            assertThat(step.getRefreshSteps()).isEqualTo(1);
            assertThat(step.getPerturbationSha256()).isEqualTo(Sha256.of(anew));
        }
    }

    @Test
    void whatIsWithinTheWindowIsTrainedOnAsReceived() {
        RunSpecification run = run(Map.of());
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            TrainingStep step = learner(run, program, 0, TinyRun.WINDOW).apply(clean(TinyRun.clean(1)),
                    adversarial((Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult()));
            assertThat(step.getOutcome()).isEqualTo(Outcome.TRAINED);
            assertThat(step.getRefreshSteps()).isZero();
            assertThat(step.getPerturbationSha256()).isNull();
        }
    }

    /** The bound of exact staleness is its own: L, and what the publishing interval adds to it. */
    @Test
    void theWindowIsThatOfExactStalenessWhereThatHolds() {
        RunSpecification run = run(Map.of("staleness.exactly", "4"));
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            Crafted crafted = (Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult();
            assertThat(learner(run, program, 0, 5).apply(clean(TinyRun.clean(1)), adversarial(crafted)).getOutcome())
                    .isEqualTo(Outcome.TRAINED);
            assertThat(learner(run, program, 0, 6).apply(clean(TinyRun.clean(1)), adversarial(crafted)).getOutcome())
                    .isEqualTo(Outcome.REFRESHED);
        }
    }

    /** Staleness that is set on purpose is within the window: refreshing from less on is how to see what it is good for. */
    @Test
    void refreshesFromLessOnWhereTheRunSaysSo() {
        RunSpecification run = run(Map.of("staleness.exactly", "4", "staleness.refreshAbove", "1"));
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            Crafted crafted = (Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult();
            assertThat(learner(run, program, 0, 1).apply(clean(TinyRun.clean(1)), adversarial(crafted)).getOutcome())
                    .isEqualTo(Outcome.TRAINED);
            assertThat(learner(run, program, 0, 2).apply(clean(TinyRun.clean(1)), adversarial(crafted)).getOutcome())
                    .isEqualTo(Outcome.REFRESHED);
        }
    }

    @Test
    void refreshesWhatWasCraftedInAnotherIncarnationAndBothViews() {
        RunSpecification run = run(Map.of("objective.name", "consistency"));
        ImageBatch batch = TinyRun.twoViews(1);
        Crafted received = Crafted.newBuilder((Crafted) TinyRun.crafted(batch, 0).getResult())
                .setSecondPerturbation(ByteBuffer.wrap(TinyRun.perturbation(TinyRun.clean(1001)))).build();
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            TrainingStep step = learner(run, program, 1, 0).apply(clean(batch), adversarial(received));
            assertThat(step.getOutcome()).isEqualTo(Outcome.REFRESHED);
            assertThat(step.getStaleness()).isNull();

            program.assign(INITIAL);
            TrainingStep first = learner(run, program, 1, 0).apply(clean(batch), adversarial(Crafted.newBuilder(received)
                    .setSecondPerturbation(ByteBuffer.wrap(new byte[received.getPerturbation().remaining()])).build()));
            assertThat(first.getPerturbationSha256()).as("the second view counts").isNotEqualTo(step.getPerturbationSha256());
        }
    }

    /** A record may name a smaller ball than the run's: what it holds was crafted in that one, and stays there. */
    @Test
    void staysInTheBallOfTheRecord() {
        RunSpecification run = run(Map.of());
        Crafted crafted = Crafted.newBuilder((Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult())
                .setEpsilon(0.04f).build();
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            TrainingStep step = learner(run, program, 0, BEYOND).apply(clean(TinyRun.clean(1)), adversarial(crafted));
            assertThat(step.getOutcome()).isEqualTo(Outcome.REFRESHED);
            assertThat(step.getEpsilon()).isEqualTo(0.04f);
        }
    }

    @Test
    void refusesWhatHasNoBallOfTheRunsOrLeavesTheImage() {
        RunSpecification run = run(Map.of());
        Crafted crafted = (Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult();
        byte[] outside = crafted.getPerturbation().array().clone();
        outside[511] = -TinyRun.BOUND;
        try (ModelProgram program = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            program.assign(INITIAL);
            for (Crafted wrong : new Crafted[] {Crafted.newBuilder(crafted).setEpsilon(Float.NaN).build(),
                    Crafted.newBuilder(crafted).setEpsilon(-1).build(),
                    Crafted.newBuilder(crafted).setEpsilon(0.9f).build(),
                    Crafted.newBuilder(crafted).setPerturbation(ByteBuffer.wrap(outside)).build()}) {
                TrainingStep step = learner(run, program, 0, BEYOND).apply(clean(TinyRun.clean(1)), adversarial(wrong));
                assertThat(step.getOutcome()).isEqualTo(Outcome.REFUSED);
                assertThat(step.getRefreshSteps()).isZero();
                assertThat(step.getPerturbationSha256()).isNull();
            }
            assertThat(program.weights()).isEqualTo(INITIAL);
        }
    }

    /** What is stale on purpose is refreshed again after a restart, and the recorded weights are reached. */
    @Test
    void aRestartReachesTheRecordedWeights() {
        RunSpecification run = run(Map.of());
        byte[] program = TinyRun.program(run);
        RecordLog<Long, ImageBatch> clean = new RecordLog<>("tiny.clean-batches", 2, 16);
        RecordLog<Long, AdversarialBatch> adversarial = new RecordLog<>("tiny.adversarial-batches", 2, 16);
        for (long number = 0; number < TinyRun.BATCHES; number++) {
            clean.append(number, TinyRun.clean(number));
            adversarial.append(number, TinyRun.crafted(TinyRun.clean(number), 0));
        }
        Training whole = new Training(run, clock).train(Training.fresh(run, program), clean.again(), adversarial.again(),
                () -> true);
        assertThat(whole.steps()).extracting(TrainingStep::getOutcome).containsExactly(Outcome.TRAINED, Outcome.TRAINED,
                Outcome.TRAINED, Outcome.TRAINED, Outcome.REFRESHED, Outcome.REFRESHED, Outcome.REFRESHED, Outcome.REFRESHED);

        AtomicInteger asked = new AtomicInteger();
        Training before = new Training(run, clock).train(Training.fresh(run, program), clean.again(), adversarial.again(),
                () -> asked.getAndIncrement() < 7);
        StartingPoint start = before.next(program);
        assertThat(start.steps()).extracting(TrainingStep::getOutcome).as("applied again")
                .containsExactly(Outcome.REFRESHED, Outcome.REFRESHED);
        Training after = new Training(run, clock).train(start, clean.again(), adversarial.again(), () -> true);
        assertThat(after.steps()).as("in the same incarnation").isEqualTo(whole.steps().subList(6, 8));
        assertThat(after.updates()).containsExactlyElementsOf(whole.updates().subList(4, 5));
    }

    private static Crafted received(ImageBatch batch, String norm, float radius, PerturbationEncoding encoding) {
        float[] perturbed = PixelPerturbation.images(batch.getPixels().array());
        for (int i = 0; i < perturbed.length; i += 3) {
            perturbed[i] += perturbed[i] > 0.5f ? -radius / 2 : radius / 2;
        }
        return Crafted.newBuilder((Crafted) TinyRun.crafted(batch, 0).getResult())
                .setNorm(norm.equals("l2") ? PerturbationNorm.L2 : PerturbationNorm.LINF).setEpsilon(radius)
                .setPerturbation(ByteBuffer.wrap(encoding.encode(batch.getPixels().array(), perturbed, TinyRun.IMAGES, radius)))
                .build();
    }

    private static RunSpecification run(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("staleness.policy", "refresh", "staleness.refreshAbove", "-1",
                "staleness.refreshSteps", "3"));
        all.putAll(options);
        return TinyRun.with(all);
    }

    private Learner learner(RunSpecification run, ModelProgram program, int incarnation, long step) {
        return new Learner(run, () -> SpecificationVersions.of(run), program, incarnation, step, clock);
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> clean(ImageBatch batch) {
        return new ConsumerRecord<>("tiny.clean-batches", 0, 1, batch.getBatchNumber(), Received.readable(batch));
    }

    private static ConsumerRecord<Long, Received<AdversarialBatch>> adversarial(Crafted crafted) {
        return new ConsumerRecord<>("tiny.adversarial-batches", 0, 1, 1L, Received.readable(AdversarialBatch.newBuilder(
                TinyRun.crafted(TinyRun.clean(1), 0)).setResult(crafted).build()));
    }
}
