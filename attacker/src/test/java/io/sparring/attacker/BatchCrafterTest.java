package io.sparring.attacker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackResult;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.PerturbationNorm;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchCrafterTest {

    private static final Update UPDATE = TinyRun.update(5, 6);
    private static ModelProgram program;

    private final SettableClock clock = new SettableClock();

    @BeforeAll
    static void load() {
        program = TinyRun.load();
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @Test
    void staysWithinTheBoundAndTheImageWhateverTheEpsilon() {
        float[] epsilons = {0, 1 / 255f, 0.0098f, 8 / 255f, 0.1f, 0.3f, 0.5f};
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            float epsilon = epsilons[random.nextInt(epsilons.length)];
            int warmUp = new int[] {0, 1, 7, 1000}[random.nextInt(4)];
            int number = random.nextInt(12);
            ImageBatch clean = TinyRun.batch(number, random.nextLong());
            Crafted crafted = crafted(crafter(Map.of("seed", Long.toString(random.nextLong()),
                    "attack.epsilon", Float.toString(epsilon), "attack.stepSize", Float.toString(epsilon / 2),
                    "attack.epsilonWarmUp", Integer.toString(warmUp))).craft(clean, UPDATE));

            double reached = epsilon * Math.min(1, (number + 1.0) / Math.max(1, warmUp));
            String which = "seed " + seed + ", epsilon " + epsilon + ", warm-up " + warmUp + ", batch " + number;
            // a float that stands for k / 255 may be a little less than that
            assertThat(crafted.getBound()).as(which).isEqualTo((int) Math.floor(255 * reached + 1e-3));
            assertThat(crafted.getEpsilon()).as(which).isEqualTo(crafted.getBound() / 255f);
            assertInside(which, clean.getPixels(), crafted.getPerturbation(), crafted.getBound());
        }
    }

    private static void assertInside(String which, ByteBuffer pixels, ByteBuffer perturbation, int bound) {
        assertThat(perturbation.remaining()).as(which).isEqualTo(pixels.remaining());
        boolean perturbed = false;
        for (int i = 0; i < pixels.remaining(); i++) {
            int change = perturbation.get(i);
            assertThat(Math.abs(change)).as(which).isLessThanOrEqualTo(bound);
            assertThat(Byte.toUnsignedInt(pixels.get(i)) + change).as(which).isBetween(0, 255);
            perturbed |= change != 0;
        }
        assertThat(perturbed).as(which).isEqualTo(bound > 0);
    }

    @Test
    void epsilonRisesWithTheBatchNumber() {
        BatchCrafter crafter = crafter(Map.of("attack.epsilonWarmUp", "5"));
        assertThat(List.of(0L, 1L, 2L, 3L, 4L, 5L, 1000L))
                .extracting(number -> crafted(crafter.craft(TinyRun.batch(number, 1), UPDATE)).getBound())
                .containsExactly(5, 10, 15, 20, 25, 25, 25);
    }

    @Test
    void makesTheSameBytesOfTheSameBatchAgainAndElsewhere() {
        try (ModelProgram other = TinyRun.load()) {
            BatchCrafter one = crafter(Map.of());
            BatchCrafter another = new BatchCrafter(TinyRun.with(Map.of()), other, "attacker-1", clock);
            for (int seed = 0; seed < 5; seed++) {
                AdversarialBatch made = one.craft(TinyRun.batch(seed, seed), UPDATE);
                assertThat(crafted(made).getComputedOn()).isEqualTo(other.platform());
                assertThat(another.craft(TinyRun.batch(seed, seed), UPDATE)).as("seed %d", seed).isEqualTo(made);
                one.craft(TinyRun.batch(100, 100), TinyRun.update(6, 7));
                assertThat(one.craft(TinyRun.batch(seed, seed), UPDATE)).as("seed %d", seed).isEqualTo(made);
            }
        }
    }

    @Test
    void startsElsewhereForAnotherBatchNumberAndForAnotherRunSeed() {
        ByteBuffer perturbation = perturbation(crafter(Map.of()), 3, UPDATE);
        assertThat(perturbation(crafter(Map.of()), 4, UPDATE)).isNotEqualTo(perturbation);
        assertThat(perturbation(crafter(Map.of("seed", "8")), 3, UPDATE)).isNotEqualTo(perturbation);
        assertThat(perturbation(crafter(Map.of()), 3, UPDATE)).isEqualTo(perturbation);
    }

    @Test
    void seedsOfNeighbouringRunsAndBatchesAllDiffer() {
        assertThat(new Random(1).longs(20).boxed().toList()).allSatisfy(run -> assertThat(List.of(
                BatchCrafter.seed(run, 0), BatchCrafter.seed(run, 1), BatchCrafter.seed(run, 2), BatchCrafter.seed(run + 1, 0),
                BatchCrafter.seed(run + 1, 1), BatchCrafter.seed(run + 2, 0), BatchCrafter.seed(run + 2, 1)))
                .as("run %d", run).doesNotHaveDuplicates());
    }

    @Test
    void takesTheWeightsOfTheUpdateItIsGiven() {
        Update other = TinyRun.update(9, 10);
        BatchCrafter crafter = crafter(Map.of());
        ByteBuffer first = perturbation(crafter, 3, UPDATE);
        ByteBuffer second = perturbation(crafter, 3, other);
        assertThat(second).isNotEqualTo(first).isEqualTo(perturbation(crafter(Map.of()), 3, other));
        assertThat(perturbation(crafter, 3, UPDATE)).isEqualTo(first);
        assertThat(crafted(crafter.craft(TinyRun.batch(3, 3), other))).extracting(Crafted::getIncarnation, Crafted::getStep)
                .containsExactly(1, 9L);
    }

    @Test
    void saysHowWellTheAttackDid() {
        ImageBatch clean = TinyRun.batch(3, 17);
        AdversarialBatch made = crafter(Map.of()).craft(clean, UPDATE);
        Crafted crafted = crafted(made);
        assertThat(made.getBatchNumber()).isEqualTo(3);
        assertThat(made.getAttacker()).isEqualTo("attacker-1");
        assertThat(made.getCreatedAt()).isEqualTo(clock.instant());
        assertThat(crafted.getCleanSha256()).isEqualTo(clean.getSha256());
        assertThat(crafted.getAttack()).isEqualTo("training");
        assertThat(crafted.getStepSize()).isEqualTo(0.05f);
        assertThat(crafted.getLossAfter()).isGreaterThan(crafted.getLossBefore());

        program.assign(SafeTensors.decode(UPDATE.weights()));
        int[] labels = clean.getLabels().stream().mapToInt(Integer::intValue).toArray();
        float[][] logits = program.predict(
                PixelPerturbation.apply(clean.getPixels().array(), crafted.getPerturbation().array()), TinyRun.IMAGES);
        int misled = 0;
        double loss = 0;
        for (int i = 0; i < labels.length; i++) {
            double sum = 0;
            int largest = 0;
            for (int k = 0; k < logits[i].length; k++) {
                sum += Math.exp(logits[i][k]);
                largest = logits[i][k] > logits[i][largest] ? k : largest;
            }
            misled += largest == labels[i] ? 0 : 1;
            loss += Math.log(sum) - logits[i][labels[i]];
        }
        // what was measured is the attack's floats, what is sent are whole 1/255
        assertThat((double) crafted.getLossAfter()).isCloseTo(loss / labels.length, within(0.01));
        assertThat(crafted.getSuccess() * TinyRun.IMAGES).isCloseTo(misled, within(1f));
    }

    @Test
    void refusesABatchThatTheModelProgramCannotTakeAndGoesOn() {
        BatchCrafter crafter = crafter(Map.of());
        String allowed = "; allowed: those of the run's model, 8 x 8 x 1 in 4 classes";
        assertThat(refusal(crafter.craft(TinyRun.batch(1, 1, 8, 9, 4), UPDATE)))
                .isEqualTo("images: 8 x 9 x 1 in 4 classes" + allowed);
        assertThat(refusal(crafter.craft(TinyRun.batch(1, 1, 4, 16, 4), UPDATE))).as("as many values")
                .isEqualTo("images: 4 x 16 x 1 in 4 classes" + allowed);
        assertThat(refusal(crafter.craft(TinyRun.batch(1, 1, 8, 8, 5), UPDATE)))
                .isEqualTo("images: 8 x 8 x 1 in 5 classes" + allowed);
        assertThat(refusal(crafter.craft(TinyRun.twoViews(1, 1), UPDATE)))
                .isEqualTo("views: 2; allowed: what the run's objective takes, 1");
        assertThat(crafter.craft(TinyRun.batch(1, 1), UPDATE).getResult()).isInstanceOf(Crafted.class);
    }

    @Test
    void staysWithinTheEuclideanBallAndTheImageWhateverTheEpsilon() {
        PerturbationEncoding encoding = PerturbationEncoding.of(AttackNorm.L2);
        try (ModelProgram euclidean = TinyRun.load("pgd-at", AttackNorm.L2)) {
            for (int seed = 0; seed < 40; seed++) {
                Random random = new Random(seed);
                float epsilon = new float[] {0, 0.01f, 0.5f, 1, 3}[random.nextInt(5)];
                ImageBatch clean = TinyRun.batch(random.nextInt(4), random.nextLong());
                Map<String, String> options = Map.of("attack.norm", "l2", "attack.epsilon", Float.toString(epsilon),
                        "attack.stepSize", Float.toString(epsilon / 2), "attack.epsilonWarmUp", "2");
                Crafted crafted = crafted(new BatchCrafter(TinyRun.with(options), euclidean, "a", clock).craft(clean, UPDATE));

                String which = "seed " + seed + ", epsilon " + epsilon;
                float reached = clean.getBatchNumber() == 0 ? epsilon / 2 : epsilon;
                assertThat(crafted).as(which).extracting(Crafted::getNorm, Crafted::getBound, Crafted::getEpsilon)
                        .containsExactly(PerturbationNorm.L2, 0, reached);
                byte[] perturbation = crafted.getPerturbation().array();
                assertThat(encoding.problem(clean.getPixels().array(), perturbation, TinyRun.IMAGES, reached))
                        .as(which).isEmpty();
                float[] images = PixelPerturbation.images(clean.getPixels().array());
                double longest = 0;
                float[] perturbed = encoding.perturbed(clean.getPixels().array(), perturbation);
                for (int image = 0; image < TinyRun.IMAGES; image++) {
                    double squares = 0;
                    for (int i = image * 64; i < (image + 1) * 64; i++) {
                        squares += Math.pow(perturbed[i] - images[i], 2);
                    }
                    longest = Math.max(longest, Math.sqrt(squares));
                }
                assertThat(longest).as(which).isBetween(0.6 * reached, reached + 1e-6);
            }
        }
    }

    @Test
    void craftsBothViewsOfABatchUnderItsNumber() {
        try (ModelProgram consistency = TinyRun.load("consistency", AttackNorm.LINF)) {
            BatchCrafter crafter = new BatchCrafter(TinyRun.with(Map.of()), consistency, "attacker-1", clock);
            ImageBatch clean = TinyRun.twoViews(3, 5);
            AdversarialBatch made = crafter.craft(clean, UPDATE);
            Crafted crafted = crafted(made);
            assertThat(made.getBatchNumber()).isEqualTo(3);
            assertInside("first", clean.getPixels(), crafted.getPerturbation(), crafted.getBound());
            assertInside("second", clean.getSecondPixels(), crafted.getSecondPerturbation(), crafted.getBound());

            // the first is what it would be alone; the second starts from a seed of its own
            Crafted alone = crafted(crafter(Map.of()).craft(TinyRun.batch(3, 5), UPDATE));
            assertThat(crafted.getPerturbation()).isEqualTo(alone.getPerturbation());
            ImageBatch twice = ImageBatch.newBuilder(clean).setSecondPixels(clean.getPixels()).build();
            Crafted ofTwice = crafted(crafter.craft(twice, UPDATE));
            assertThat(ofTwice.getSecondPerturbation()).isNotEqualTo(ofTwice.getPerturbation());
            consistency.assign(SafeTensors.decode(UPDATE.weights()));
            AttackResult second = consistency.attack("training", PixelPerturbation.images(clean.getSecondPixels().array()),
                    clean.getLabels().stream().mapToInt(Integer::intValue).toArray(),
                    crafted.getSeed() + BatchCrafter.SECOND_VIEW, 25 / 255f, 0.05f);
            assertThat(PixelPerturbation.encode(clean.getSecondPixels().array(), second.perturbed(), 25))
                    .isEqualTo(crafted.getSecondPerturbation().array());
            float both = (alone.getLossAfter() + mean(second.lossAfter())) / 2;
            assertThat(crafted.getLossAfter()).isCloseTo(both, within(1e-5f));

            assertThat(refusal(crafter.craft(TinyRun.batch(3, 5), UPDATE)))
                    .isEqualTo("views: 1; allowed: what the run's objective takes, 2");
        }
    }

    private static float mean(float[] values) {
        float sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    @Test
    void answersARecordWithAPerturbationOrUnderItsNumberWithWhatIsWrong() {
        BatchCrafter crafter = crafter(Map.of());
        assertThat(crafter.answer(record(4, Received.readable(TinyRun.batch(4, 4))), UPDATE))
                .isEqualTo(crafter.craft(TinyRun.batch(4, 4), UPDATE));

        ImageBatch damaged = TinyRun.batch(4, 4);
        damaged.getPixels().put(0, (byte) (damaged.getPixels().get(0) + 1));
        for (Received<ImageBatch> unusable : List.of(Received.readable(damaged), Received.readable(TinyRun.batch(5, 5)),
                Received.<ImageBatch>unreadable(new byte[3], "not a readable record: too short"))) {
            AdversarialBatch answer = crafter.answer(record(4, unusable), UPDATE);
            assertThat(answer.getBatchNumber()).isEqualTo(4);
            assertThat(refusal(answer)).containsPattern("^(sha256: .*|batchNumber: 5.*|not a readable record: too short)");
        }
        assertThat(refusal(crafter.answer(record(4, null), UPDATE))).isEqualTo("the record is empty; allowed: an ImageBatch");
    }

    private BatchCrafter crafter(Map<String, String> options) {
        return new BatchCrafter(TinyRun.with(options), program, "attacker-1", clock);
    }

    private static ByteBuffer perturbation(BatchCrafter crafter, long number, Update update) {
        return crafted(crafter.craft(TinyRun.batch(number, 3), update)).getPerturbation();
    }

    private static Crafted crafted(AdversarialBatch made) {
        return (Crafted) made.getResult();
    }

    private static String refusal(AdversarialBatch made) {
        return ((Refused) made.getResult()).getReason();
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> record(long key, Received<ImageBatch> value) {
        return new ConsumerRecord<>(CleanBatchLog.TOPIC, 0, 0, key, value);
    }
}
