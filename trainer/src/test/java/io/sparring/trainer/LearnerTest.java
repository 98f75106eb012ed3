package io.sparring.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
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
import io.sparring.schemas.TrainingStep;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnerTest {

    private static final Tensors INITIAL = TinyRun.initialWeights();
    private static ModelProgram program;

    private final SettableClock clock = new SettableClock();

    @BeforeAll
    static void load() {
        program = ModelProgram.load(TinyRun.PROGRAM, TinyRun.EXECUTION);
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @BeforeEach
    void assign() {
        program.assign(INITIAL);
    }

    @Test
    void movesTheWeightsByOneStepAndRecordsIt() {
        RunSpecification run = TinyRun.with(Map.of("optimizer.warmUp", "10", "objective.lambda", "2"));
        Learner learner = learner(run, program, 0, 40);
        TrainingStep step = learner.apply(clean(4), crafted(4, 38));

        assertThat(program.weights()).isNotEqualTo(INITIAL);
        assertThat(learner.step()).isEqualTo(41);
        assertThat(step.getOutcome()).isEqualTo(Outcome.TRAINED);
        assertThat(step.getReason()).isNull();
        assertThat(step).extracting(TrainingStep::getBatchNumber, TrainingStep::getIncarnation, TrainingStep::getStep)
                .containsExactly(4L, 0, 41L);
        assertThat(step).extracting(TrainingStep::getCraftedIncarnation, TrainingStep::getCraftedStep,
                TrainingStep::getStaleness).containsExactly(0, 38L, 2L);
        assertThat(step.getAdversarialOffset()).isEqualTo(104);
        assertThat(step.getImages()).isEqualTo(TinyRun.IMAGES);
        assertThat(step.getRefreshSteps()).isZero();
        assertThat(step.getEpsilon()).isEqualTo(25 / 255f);
        assertThat(step.getLearningRate()).isEqualTo(0.05f * 5 / 10, within(1e-7f));
        assertThat(step.getCrossEntropy()).isPositive();
        assertThat(step.getPerception()).isPositive();
        assertThat(step.getLoss()).isEqualTo(step.getCrossEntropy() + 2 * step.getPerception(), within(1e-5f));
        assertThat(step.getWeightsSha256()).isNull();
        assertThat(step.getTrainedAt()).isEqualTo(clock.instant());
    }

    @Test
    void recordsTheDivergenceThatTheObjectiveWeighsWithBeta() {
        RunSpecification run = TinyRun.with(Map.of("objective.name", "trades", "objective.beta", "3"));
        byte[] trades = ModelProgramBuilder.build(RunProgram.specification(run, TinyRun.GEOMETRY));
        try (ModelProgram other = ModelProgram.load(trades, TinyRun.EXECUTION)) {
            other.assign(INITIAL);
            TrainingStep step = learner(run, other, 0, 0).apply(clean(4), crafted(4, 0));
            assertThat(step.getDivergence()).isPositive();
            assertThat(step.getPerception()).isZero();
            assertThat(step.getLoss()).isEqualTo(step.getCrossEntropy() + 3 * step.getDivergence(), within(1e-5f));
        }
    }

    @Test
    void trainsOnThePerturbedImagesAndNotOnTheCleanOnesAlone() {
        learner().apply(clean(1), crafted(1, 0));
        Tensors perturbed = program.weights();
        program.assign(INITIAL);
        ImageBatch batch = TinyRun.clean(1);
        learner().apply(clean(1), adversarial(1, TinyRun.crafted(batch, 0, new byte[batch.getPixels().remaining()])));
        assertThat(program.weights()).isNotEqualTo(perturbed);
    }

    @Test
    void refusesWhatTheAttackerRefused() {
        assertRefused(clean(1), adversarial(1, TinyRun.refused(1, "sha256: damaged")), "sha256: damaged");
        assertRefused(clean(1, null), adversarial(1, TinyRun.refused(1, "the record is empty")), "the record is empty");
    }

    @Test
    void refusesACleanBatchThatCannotBeUsed() {
        assertRefused(clean(1, null), crafted(1, 0), "the record is empty; allowed: an ImageBatch");
        assertRefused(clean(1, Received.unreadable(new byte[1], "not a readable record")), crafted(1, 0), "not a readable record");
        assertRefused(clean(1, Received.readable(TinyRun.clean(3))), crafted(1, 0),
                "batchNumber: 3; allowed: the record's key, which is 1");
    }

    @Test
    void refusesAPerturbationOfAnotherBatch() {
        ImageBatch batch = TinyRun.clean(1);
        assertRefused(clean(1), adversarial(1, TinyRun.crafted(TinyRun.clean(3), 0)),
                "cleanSha256: crafted from another batch; allowed: " + batch.getSha256());
    }

    @Test
    void refusesWhatIsCraftedAgainstAnUpdateThatNobodyHasPublished() {
        AdversarialBatch batch = TinyRun.crafted(TinyRun.clean(1), 0);
        Crafted forged = Crafted.newBuilder((Crafted) batch.getResult()).setIncarnation(99).build();
        assertRefused(clean(1), adversarial(1, AdversarialBatch.newBuilder(batch).setResult(forged).build()),
                "step: crafted against update 99/0; allowed: one that has been published by 0/10");
    }

    @Test
    void refusesAPerturbationOfAnotherLength() {
        byte[] perturbation = TinyRun.perturbation(TinyRun.clean(1));
        for (int length : new int[] {0, 511, 513}) {
            assertRefused(clean(1), adversarial(1, TinyRun.crafted(TinyRun.clean(1), 0, Arrays.copyOf(perturbation, length))),
                    "perturbation: " + length + " bytes; allowed: as many as the clean batch has, 512");
        }
    }

    @Test
    void refusesAPerturbationBeyondTheRunsBoundAndOneThatLeavesTheImage() {
        assertRefusedEntry(26, "perturbation: 26/255; allowed: within the run's epsilon, 25/255");
        assertRefusedEntry(-26, "perturbation: -26/255; allowed: within the run's epsilon, 25/255");
        assertRefusedEntry(-128, "perturbation: -128/255; allowed: within the run's epsilon, 25/255");
        int value = Byte.toUnsignedInt(TinyRun.clean(1).getPixels().get(511));
        assertThat(value).as("what this test needs of the batch").isLessThan(TinyRun.BOUND);
        assertRefusedEntry(-TinyRun.BOUND, "value 511 leaves [0,1]: " + value + " changed by -25");
    }

    private void assertRefusedEntry(int entry, String reason) {
        byte[] perturbation = TinyRun.perturbation(TinyRun.clean(1));
        perturbation[511] = (byte) entry;
        assertRefused(clean(1), adversarial(1, TinyRun.crafted(TinyRun.clean(1), 0, perturbation)), reason);
    }

    @Test
    void refusesABatchThatTheModelProgramCannotTake() {
        ImageBatch large = TinyRun.clean(1, 8, 9);
        assertRefused(clean(1, Received.readable(large)), adversarial(1, TinyRun.crafted(large, 0)),
                "images: 8 x 9 x 1 in 4 classes; allowed: those of the run's model, 8 x 8 x 1 in 4 classes");
        ImageBatch flat = TinyRun.clean(1, 4, 16);
        assertRefused(clean(1, Received.readable(flat)), adversarial(1, TinyRun.crafted(flat, 0)),
                "images: 4 x 16 x 1 in 4 classes; allowed: those of the run's model, 8 x 8 x 1 in 4 classes");
        ImageBatch twoViews = TinyRun.twoViews(1);
        assertRefused(clean(1, Received.readable(twoViews)), adversarial(1, TinyRun.crafted(twoViews, 0)),
                "views: 2; allowed: what the run's objective takes, 1");
    }

    @Test
    void refusesAPerturbationOfAnotherNorm() {
        Crafted crafted = (Crafted) TinyRun.crafted(TinyRun.clean(1), 0).getResult();
        assertRefused(clean(1), adversarial(1, with(Crafted.newBuilder(crafted).setNorm(PerturbationNorm.L2))),
                "norm: L2; allowed: the run's, LINF");
    }

    @Test
    void trainsOnEuclideanPerturbationsWithinTheRunsBallAlone() {
        RunSpecification run = TinyRun.with(Map.of("attack.norm", "l2", "attack.epsilon", "0.5"));
        ImageBatch batch = TinyRun.clean(1);
        byte[] pixels = batch.getPixels().array();
        float[] perturbed = PixelPerturbation.images(pixels);
        for (int i = 0; i < perturbed.length; i += 7) {
            perturbed[i] += perturbed[i] > 0.5f ? -0.4f : 0.4f;
        }
        PerturbationEncoding encoding = PerturbationEncoding.of(AttackNorm.L2);
        Crafted crafted = Crafted.newBuilder((Crafted) TinyRun.crafted(batch, 0).getResult()).setNorm(PerturbationNorm.L2)
                .setEpsilon(0.5f).setBound(0)
                .setPerturbation(ByteBuffer.wrap(encoding.encode(pixels, perturbed, TinyRun.IMAGES, 0.5f))).build();
        Learner learner = learner(run, program, 0, 0);
        assertThat(learner.apply(clean(1), adversarial(1, with(Crafted.newBuilder(crafted)))).getOutcome())
                .isEqualTo(Outcome.TRAINED);
        assertThat(program.weights()).isNotEqualTo(INITIAL);
        for (float epsilon : new float[] {0.6f, -1, Float.NaN}) {
            assertThat(learner.apply(clean(1), adversarial(1, with(Crafted.newBuilder(crafted).setEpsilon(epsilon)))).getReason())
                    .isEqualTo("epsilon: " + epsilon + "; allowed: 0 to the run's, 0.5");
        }
        Learner wide = learner(TinyRun.with(Map.of("attack.norm", "l2", "attack.epsilon", "1.5")), program, 0, 0);
        assertThat(wide.apply(clean(1), adversarial(1, with(Crafted.newBuilder(crafted).setEpsilon(1.5f)))).getOutcome())
                .isEqualTo(Outcome.TRAINED);

        byte[] longer = encoding.encode(pixels, perturbed, TinyRun.IMAGES, 0.6f);
        assertThat(refusal(learner, crafted, longer)).startsWith("perturbation: image 0 is changed by 0.59")
                .endsWith("; allowed: within the run's epsilon, 0.5");
        byte[] noNumber = crafted.getPerturbation().array().clone();
        noNumber[2 * 511] = 0x7E;
        assertThat(refusal(learner, crafted, noNumber)).isEqualTo(
                "perturbation: image 7 is changed by NaN; allowed: within the run's epsilon, 0.5");
        byte[] outside = new byte[noNumber.length];
        int white = firstAbove(pixels, 230);
        outside[2 * white] = 0x34;
        assertThat(refusal(learner, crafted, outside)).startsWith("value " + white + " leaves [0,1]: ").endsWith(" changed by 0.25");
    }

    private static String refusal(Learner learner, Crafted crafted, byte[] perturbation) {
        Crafted.Builder other = Crafted.newBuilder(crafted).setPerturbation(ByteBuffer.wrap(perturbation));
        return learner.apply(clean(1), adversarial(1, with(other))).getReason();
    }

    private static int firstAbove(byte[] pixels, int value) {
        int place = 0;
        while (Byte.toUnsignedInt(pixels[place]) <= value) {
            place++;
        }
        return place;
    }

    @Test
    void trainsOnBothViewsWhereTheObjectiveTakesTwo() {
        RunSpecification run = TinyRun.with(Map.of("objective.name", "consistency+rpat"));
        ImageBatch batch = TinyRun.twoViews(1);
        Crafted first = (Crafted) TinyRun.crafted(batch, 0).getResult();
        ByteBuffer second = ByteBuffer.wrap(TinyRun.perturbation(TinyRun.clean(1001)));
        ConsumerRecord<Long, Received<ImageBatch>> clean = clean(1, Received.readable(batch));
        try (ModelProgram two = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            two.assign(INITIAL);
            Learner learner = learner(run, two, 0, 0);
            TrainingStep step = learner.apply(clean, both(first, second));
            assertThat(step.getOutcome()).isEqualTo(Outcome.TRAINED);
            assertThat(step.getImages()).isEqualTo(TinyRun.IMAGES);
            assertThat(step.getPerception()).isPositive();
            assertThat(step.getDivergence()).as("the views differ").isPositive();
            Tensors weights = two.weights();

            two.assign(INITIAL);
            ByteBuffer none = ByteBuffer.wrap(new byte[second.remaining()]);
            learner.apply(clean, both(first, none));
            assertThat(two.weights()).as("the second perturbation counts").isNotEqualTo(weights);

            assertThat(learner.apply(clean, both(first, null)).getReason())
                    .isEqualTo("secondPerturbation: none; allowed: one for each view");
            ByteBuffer large = ByteBuffer.wrap(new byte[second.remaining()]).put(5, (byte) 26);
            assertThat(learner.apply(clean, both(first, large)).getReason())
                    .isEqualTo("secondPerturbation: 26/255; allowed: within the run's epsilon, 25/255");
            assertThat(learner.apply(clean(1), crafted(1, 0)).getReason())
                    .isEqualTo("views: 1; allowed: what the run's objective takes, 2");
        }
    }

    private static ConsumerRecord<Long, Received<AdversarialBatch>> both(Crafted first, ByteBuffer second) {
        return adversarial(1, with(Crafted.newBuilder(first).setSecondPerturbation(second)));
    }

    /** The weights move as those of pgd-at would until the averaging starts, and the average is the weights. */
    @Test
    void averagesFromItsEpochOnAndNeitherAveragesNorPerceivesBefore() {
        RunSpecification run = TinyRun.with(Map.of("objective.name", "rpat++", "objective.averaging", "0.75",
                "objective.averagingFromEpoch", "2"));
        RunSpecification plain = TinyRun.with(Map.of("objective.name", "pgd-at"));
        try (ModelProgram averaging = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION);
                ModelProgram other = ModelProgram.load(TinyRun.program(plain), TinyRun.EXECUTION)) {
            averaging.assign(INITIAL);
            other.assign(INITIAL);
            Learner learner = learner(run, averaging, 0, 0);
            TrainingStep before = learner.apply(clean(1, inEpoch(1)), crafted(1, 0));
            TrainingStep ofPlain = learner(plain, other, 0, 0).apply(clean(1), crafted(1, 0));
            assertThat(before.getLoss()).isEqualTo(ofPlain.getLoss(), within(1e-6f)).isEqualTo(before.getCrossEntropy());
            Tensors weights = averaging.weights();
            assertThat(averaging.averaged()).isEqualTo(weights);
            assertThat(weights.values("hidden/kernel")).usingComparatorWithPrecision(1e-6f)
                    .containsExactly(other.weights().values("hidden/kernel"));

            TrainingStep after = learner.apply(clean(1, inEpoch(2)), crafted(1, 1));
            assertThat(after.getLoss()).isEqualTo(after.getCrossEntropy() + after.getPerception(), within(1e-5f));
            float[] old = weights.values("hidden/kernel");
            float[] moved = averaging.weights().values("hidden/kernel");
            float[] expected = new float[old.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = 0.75f * old[i] + 0.25f * moved[i];
            }
            assertThat(averaging.averaged().values("hidden/kernel")).usingComparatorWithPrecision(1e-6f)
                    .containsExactly(expected);
            assertThat(moved).isNotEqualTo(old);
        }
    }

    private static Received<ImageBatch> inEpoch(long epoch) {
        return Received.readable(ImageBatch.newBuilder(TinyRun.clean(1)).setEpoch(epoch).build());
    }

    private static AdversarialBatch with(Crafted.Builder crafted) {
        return AdversarialBatch.newBuilder(TinyRun.crafted(TinyRun.clean(1), 0)).setResult(crafted.build()).build();
    }

    private void assertRefused(ConsumerRecord<Long, Received<ImageBatch>> clean,
            ConsumerRecord<Long, Received<AdversarialBatch>> adversarial, String reason) {
        Learner learner = learner(TinyRun.RUN, program, 0, 10);
        TrainingStep step = learner.apply(clean, adversarial);
        assertThat(step.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(step.getReason()).isEqualTo(reason);
        assertThat(step).extracting(TrainingStep::getBatchNumber, TrainingStep::getStep, TrainingStep::getAdversarialOffset,
                TrainingStep::getImages, TrainingStep::getLoss, TrainingStep::getLearningRate)
                .containsExactly(1L, 10L, 101L, 0, 0f, 0f);
        assertThat(learner.step()).isEqualTo(10);
        assertThat(program.weights()).isEqualTo(INITIAL);
    }

    @Test
    void dropsWhatIsTooStaleWhereTheRunSaysSo() {
        RunSpecification run = TinyRun.with(Map.of("staleness.policy", "drop"));
        TrainingStep dropped = learner(run, program, 0, 10).apply(clean(1), crafted(1, 6));
        assertThat(dropped.getOutcome()).isEqualTo(Outcome.DROPPED);
        assertThat(dropped.getReason()).isEqualTo("staleness: 4; allowed: at most 3");
        assertThat(dropped).extracting(TrainingStep::getStep, TrainingStep::getStaleness, TrainingStep::getImages)
                .containsExactly(10L, 4L, 0);
        assertThat(program.weights()).isEqualTo(INITIAL);

        TrainingStep fresh = learner(run, program, 0, 10).apply(clean(1), crafted(1, 7));
        assertThat(fresh).extracting(TrainingStep::getOutcome, TrainingStep::getStaleness).containsExactly(Outcome.TRAINED, 3L);
    }

    /** Its steps count from other weights, so there is no telling how stale it is. */
    @Test
    void aBatchOfAnotherIncarnationHasNoStalenessAndIsDroppedWhereStaleOnesAre() {
        TrainingStep trained = learner(TinyRun.RUN, program, 1, 5).apply(clean(1), crafted(1, 7));
        assertThat(trained).extracting(TrainingStep::getOutcome, TrainingStep::getStaleness, TrainingStep::getIncarnation)
                .containsExactly(Outcome.TRAINED, null, 1);
        TrainingStep dropped = learner(TinyRun.with(Map.of("staleness.policy", "drop")), program, 1, 5)
                .apply(clean(1), crafted(1, 5));
        assertThat(dropped).extracting(TrainingStep::getOutcome, TrainingStep::getReason)
                .containsExactly(Outcome.DROPPED, "staleness: crafted in incarnation 0; allowed: incarnation 1");
    }

    @Test
    void trainsOnWhatIsTooStaleWhereTheRunSaysSo() {
        TrainingStep step = learner(TinyRun.RUN, program, 0, 10).apply(clean(1), crafted(1, 0));
        assertThat(step).extracting(TrainingStep::getOutcome, TrainingStep::getStaleness, TrainingStep::getStep)
                .containsExactly(Outcome.TRAINED, 10L, 11L);
    }

    @Test
    void theSameRecordsEndInTheSameBitsInTheirOrderOnly() {
        List<Long> order = List.of(0L, 1L, 2L, 3L, 4L);
        Tensors weights = trainedOn(program, order);
        Tensors optimizer = program.optimizer();
        assertThat(trainedOn(program, order)).isEqualTo(weights);
        assertThat(program.optimizer()).isEqualTo(optimizer);
        assertThat(trainedOn(program, List.of(1L, 0L, 2L, 3L, 4L))).isNotEqualTo(weights);
        try (ModelProgram other = ModelProgram.load(TinyRun.PROGRAM, TinyRun.EXECUTION)) {
            assertThat(trainedOn(other, order)).isEqualTo(weights);
        }
    }

    private Tensors trainedOn(ModelProgram with, List<Long> numbers) {
        with.assign(INITIAL);
        Learner learner = learner(TinyRun.RUN, with, 0, 0);
        numbers.forEach(number -> learner.apply(clean(number),
                number == 2 ? adversarial(2, TinyRun.refused(2, "unusable")) : crafted(number, 0)));
        assertThat(learner.step()).isEqualTo(numbers.size() - 1);
        return with.weights();
    }

    @Test
    void stepsAfterwardsBelongToTheNewIncarnation() {
        Learner learner = learner();
        assertThat(learner.apply(clean(0), crafted(0, 0)).getIncarnation()).isZero();
        learner.incarnation(1);
        assertThat(learner.apply(clean(1), crafted(1, 0)).getIncarnation()).isEqualTo(1);
        assertThat(learner.incarnation()).isEqualTo(1);
    }

    @Test
    void endsWhenTheLossIsNoNumberAnyMoreAndNamesWhatToLower() {
        Learner learner = learner(TinyRun.with(Map.of("optimizer.learningRate", "1e30")), program, 0, 0);
        assertThatIllegalStateException().isThrownBy(() -> {
            for (long number = 0; number < 4; number++) {
                learner.apply(clean(number), crafted(number, 0));
            }
        }).withMessageContaining("optimizer.learningRate").withMessageContaining("the loss is");
    }

    /** A stale batch is refreshed with those weights first. */
    @ParameterizedTest
    @ValueSource(strings = {"linf", "l2"})
    void endsWhenItsWeightsAreOfNoUseAnyMoreThoughBatchesAreRefreshed(String norm) {
        RunSpecification run = TinyRun.with(Map.of("optimizer.learningRate", "1e30", "staleness.policy", "refresh",
                "staleness.refreshAbove", "0", "staleness.refreshSteps", "1", "attack.norm", norm));
        try (ModelProgram refreshing = ModelProgram.load(TinyRun.program(run), TinyRun.EXECUTION)) {
            refreshing.assign(INITIAL);
            Learner learner = learner(run, refreshing, 0, 0);
            assertThatIllegalStateException().isThrownBy(() -> {
                for (long number = 0; number < 6; number++) {
                    learner.apply(clean(number), adversarial(number, unperturbed(number, norm)));
                }
            }).withMessageContaining("optimizer.learningRate");
        }
    }

    private static AdversarialBatch unperturbed(long number, String norm) {
        ImageBatch batch = TinyRun.clean(number);
        byte[] pixels = batch.getPixels().array();
        byte[] none = PerturbationEncoding.of(AttackNorm.named(norm)).encode(pixels, PixelPerturbation.images(pixels),
                TinyRun.IMAGES, 0.1f);
        AdversarialBatch crafted = TinyRun.crafted(batch, 0, none);
        return AdversarialBatch.newBuilder(crafted).setResult(Crafted.newBuilder((Crafted) crafted.getResult())
                .setNorm(PerturbationNorm.valueOf(norm.toUpperCase(Locale.ROOT)))
                .setBound(norm.equals("l2") ? 0 : TinyRun.BOUND).build()).build();
    }

    private Learner learner() {
        return learner(TinyRun.RUN, program, 0, 0);
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> clean(long number) {
        return clean(number, Received.readable(TinyRun.clean(number)));
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> clean(long number, Received<ImageBatch> value) {
        return new ConsumerRecord<>("tiny.clean-batches", 0, number, number, value);
    }

    private static ConsumerRecord<Long, Received<AdversarialBatch>> crafted(long number, long step) {
        return adversarial(number, TinyRun.crafted(TinyRun.clean(number), step));
    }

    private static ConsumerRecord<Long, Received<AdversarialBatch>> adversarial(long number, AdversarialBatch batch) {
        return new ConsumerRecord<>("tiny.adversarial-batches", 0, 100 + number, number, Received.readable(batch));
    }

    private Learner learner(RunSpecification run, ModelProgram with, int incarnation, long step) {
        return new Learner(run, () -> SpecificationVersions.of(run), with, incarnation, step, clock);
    }
}
