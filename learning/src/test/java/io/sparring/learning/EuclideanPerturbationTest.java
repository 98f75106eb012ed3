package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EuclideanPerturbationTest {

    private static final PerturbationEncoding ENCODING = PerturbationEncoding.of(AttackNorm.L2);

    @Test
    void isBinary16BigEndian() {
        // 0.5 is 0x3800, -0.25 is 0xB400, 2^-24 is 0x0001
        byte[] bytes = ENCODING.encode(pixels(0, 255, 0), new float[] {0.5f, 0.75f, 0x1p-24f}, 1, 1);
        assertThat(bytes).containsExactly(0x38, 0x00, 0xB4, 0x00, 0x00, 0x01);
        assertThat(ENCODING.perturbed(pixels(0, 255, 0), bytes)).containsExactly(0.5f, 0.75f, 0x1p-24f);
    }

    @Test
    void neverLeavesTheBallOrTheRangeAndLosesLittle() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int images = 1 + random.nextInt(4);
            int size = 1 + random.nextInt(64);
            byte[] clean = new byte[images * size];
            random.nextBytes(clean);
            float[] perturbed = new float[clean.length];
            double spread = Math.pow(10, -4 * random.nextDouble());
            for (int i = 0; i < perturbed.length; i++) {
                perturbed[i] = (float) (Byte.toUnsignedInt(clean[i]) / 255.0 + spread * random.nextGaussian());
            }
            float epsilon = random.nextInt(20) == 0 ? 0 : 3 * random.nextFloat();
            byte[] perturbation = ENCODING.encode(clean, perturbed, images, epsilon);

            float[] applied = ENCODING.perturbed(clean, perturbation);
            for (int image = 0; image < images; image++) {
                double sent = length(PixelPerturbation.images(clean), applied, image, size);
                double made = length(PixelPerturbation.images(clean), cut(perturbed), image, size);
                assertThat(sent).as("seed %d", seed).isLessThanOrEqualTo(epsilon + 1e-6);
                // a thousandth of the change, and what the smallest binary16 cannot hold
                assertThat(sent).as("seed %d", seed)
                        .isGreaterThan(Math.min(epsilon, made) * 0.999 - 8 * 0x1p-24 - 1e-6);
            }
            for (float value : applied) {
                assertThat(value).as("seed %d", seed).isBetween(0f, 1f);
            }
            assertThat(ENCODING.problem(clean, perturbation, images, epsilon)).as("seed %d", seed).isEmpty();
            assertThat(ENCODING.encode(clean, perturbed, images, epsilon)).as("seed %d", seed).isEqualTo(perturbation);
        }
    }

    @Test
    void changesOfEveryBinary16StayAsTheyAre() {
        for (int bits = 0; bits < 0x3C00; bits++) {
            float change = Float16Utils.halfToFloat((short) bits);
            byte[] bytes = ENCODING.encode(pixels(0), new float[] {change}, 1, 1);
            assertThat(ByteBuffer.wrap(bytes).getShort()).isEqualTo((short) bits);
        }
    }

    @Test
    void whatIsTooLongOrNoNumberIsNoPerturbation() {
        byte[] clean = pixels(100, 100, 100, 100);
        byte[] within = ENCODING.encode(clean, new float[] {0.7f, 0.1f, 0.4f, 0.4f}, 2, 0.4f);
        assertThat(ENCODING.problem(clean, within, 2, 0.4f)).isEmpty();
        assertThat(ENCODING.problem(clean, within, 2, 0.3f).orElseThrow())
                .startsWith("image 0 is changed by 0.39").endsWith("; allowed: within the run's epsilon, 0.3");
        assertThat(ENCODING.problem(clean, changes(0, 0, 0, 0x7E00), 2, 0.4f))
                .hasValue("image 1 is changed by NaN; allowed: within the run's epsilon, 0.4");
        assertThat(ENCODING.problem(clean, changes(0x7C00, 0, 0, 0), 2, 0.4f))
                .hasValue("image 0 is changed by Infinity; allowed: within the run's epsilon, 0.4");
        assertThat(ENCODING.problem(clean, Arrays.copyOf(within, 7), 2, 0.4f))
                .hasValue("7 bytes; allowed: twice as many as the clean batch has, 8");
        assertThat(ENCODING.problem(clean, changes(0x2E67, 0, 0, 0), 2, 0.1f)).as("half a thousandth above 0.1").isEmpty();
        assertThat(ENCODING.problem(clean, changes(0x2E69, 0, 0, 0), 2, 0.1f)).as("more than one thousandth").isPresent();
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.perturbed(pixels(255), changes(0x2000)))
                .withMessage("value 0 leaves [0,1]: 1.0 changed by 0.0078125");
        assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.perturbed(pixels(255), changes(0x7E00)));
        assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.perturbed(pixels(255), new byte[3]))
                .withMessageStartingWith("perturbation: '3 bytes' is not allowed");
        assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.encode(pixels(5), new float[] {Float.NaN}, 1, 1))
                .withMessage("perturbed value 0 is not a number");
        assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.encode(pixels(5), new float[2], 1, 1))
                .withMessage("2 values do not go with 1 clean pixels");
        for (float epsilon : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ENCODING.radius(epsilon)).withMessageContaining("epsilon");
        }
    }

    /** What an attack under L2 gives is what is sent, but for the rounding. */
    @Test
    void carriesWhatAnAttackMakes() {
        try (ModelProgram program = TinyProgram.load(withL2())) {
            Random random = new Random(3);
            byte[] clean = new byte[8 * TinyProgram.GEOMETRY.imageSize()];
            random.nextBytes(clean);
            float[] images = PixelPerturbation.images(clean);
            AttackResult result = program.attack("l2", images, TinyProgram.labels(random, 8), 1, 0.5f, 0.2f);
            float[] applied = ENCODING.perturbed(clean, ENCODING.encode(clean, result.perturbed(), 8, 0.5f));
            assertThat(applied).usingComparatorWithPrecision(6e-4f).containsExactly(result.perturbed());
            assertThat(length(images, applied, 0, TinyProgram.GEOMETRY.imageSize())).isBetween(0.45, 0.5 + 1e-6);
        }
    }

    private static ProgramSpecification withL2() {
        ProgramSpecification tiny = TinyProgram.specification("pgd-at", false);
        return new ProgramSpecification(tiny.geometry(), tiny.network(), tiny.objective(), tiny.optimizer(),
                List.of(new AttackSpecification("l2", 4, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, AttackNorm.L2)));
    }

    private static float[] cut(float[] values) {
        float[] cut = values.clone();
        for (int i = 0; i < cut.length; i++) {
            cut[i] = Math.max(0, Math.min(1, cut[i]));
        }
        return cut;
    }

    private static double length(float[] clean, float[] perturbed, int image, int size) {
        double squares = 0;
        for (int i = image * size; i < (image + 1) * size; i++) {
            squares += Math.pow((double) perturbed[i] - clean[i], 2);
        }
        return Math.sqrt(squares);
    }

    private static byte[] pixels(int... values) {
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            pixels[i] = (byte) values[i];
        }
        return pixels;
    }

    private static byte[] changes(int... bits) {
        ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * bits.length);
        for (int each : bits) {
            bytes.putShort((short) each);
        }
        return bytes.array();
    }
}
