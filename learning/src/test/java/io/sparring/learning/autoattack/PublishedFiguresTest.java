package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.SafeTensors;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Compares with what the published AutoAttack says of a network, part by part. It takes minutes to an hour, so it runs only when
 * it is told where the data are: {@code reference.dir} holds {@code cnn4-cifar10.safetensors} and the JSON files with the
 * figures, {@code cifar10.test} is CIFAR-10's {@code test_batch.bin}. {@code reference.images} takes fewer images, and says
 * then how many of them stand without comparing, {@code reference.parts} some parts (with {@code all} for the suite as a whole),
 * {@code reference.norms} one norm, {@code reference.threads} one thread or more.
 */
@EnabledIfSystemProperty(named = "reference.dir", matches = ".+")
@EnabledIfSystemProperty(named = "cifar10.test", matches = ".+")
class PublishedFiguresTest {

    private static final Geometry CIFAR10 = new Geometry(32, 32, 3, 10);
    private static final String WHOLE = "all";
    private static final long SEED = 0;

    @TestFactory
    Stream<DynamicTest> agreesWithThePublishedCode() {
        List<DynamicTest> checks = new ArrayList<>();
        for (String norm : setting("reference.norms", "linf,l2").split(",")) {
            for (String part : setting("reference.parts", "apgd-ce,apgd-t,fab-t,square," + WHOLE).split(",")) {
                checks.add(DynamicTest.dynamicTest(norm + " " + part, () -> check(AttackNorm.named(norm), part)));
            }
        }
        return checks.stream();
    }

    private static void check(AttackNorm norm, String part) throws IOException {
        JsonNode published = new ObjectMapper().readTree(Path.of(System.getProperty("reference.dir"),
                norm == AttackNorm.LINF ? "cnn4-cifar10.json" : "cnn4-cifar10-l2.json").toFile());
        int most = published.get("images").asInt();
        int count = Math.min(Integer.parseInt(setting("reference.images", Integer.toString(most))), most);
        float epsilon = (norm == AttackNorm.LINF ? 8 : 128) / 255f;
        AttackSuite suite = AttackSuite.autoAttack(AutoAttackSettings.standard(norm, epsilon, SEED), CIFAR10.classes());
        AttackSuite tried = part.equals(WHOLE) ? suite : suite.alone(part);
        ImageBatch images = images(count);
        try (ModelProgram program = program()) {
            long start = System.nanoTime();
            List<ImageState> states = tried.attack(program, images);
            System.out.printf("%s %s: of %d images stand %s, %.1f s%n", norm.key(), part, count, tried.standing(states),
                    (System.nanoTime() - start) * 1e-9);
            if (count == most) {
                double clean = (double) tried.standing(states).get(AttackSuite.CLEAN) / count;
                assertThat(clean).isCloseTo(published.get("clean").asDouble(), within(1e-6));
                double standing = (double) states.stream().filter(state -> state.fooledBy().isEmpty()).count() / count;
                double expected = part.equals(WHOLE) ? published.get("autoattack").asDouble()
                        : published.at("/parts/" + part + "/robust_accuracy_alone").asDouble();
                double tolerance = norm == AttackNorm.L2 ? 0.01 : part.equals(WHOLE) ? 0.004 : 0.01;
                assertThat(standing).isCloseTo(expected, within(tolerance + 1e-6));
            }
        }
    }

    private static ModelProgram program() throws IOException {
        ProgramSpecification specification = new ProgramSpecification(CIFAR10,
                new NetworkSpecification("cnn4", 32, 200, false, List.of(), List.of()), new ObjectiveSpecification("pgd-at"),
                new OptimizerSpecification(0.9f, 0), List.of());
        ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(specification),
                new ExecutionSettings(Integer.parseInt(setting("reference.threads", "2")), 1));
        program.assign(SafeTensors.decode(
                Files.readAllBytes(Path.of(System.getProperty("reference.dir"), "cnn4-cifar10.safetensors"))));
        return program;
    }

    /** Each image of the file is its label and then its red, green and blue values. */
    private static ImageBatch images(int count) throws IOException {
        int pixels = CIFAR10.height() * CIFAR10.width();
        float[] images = new float[count * CIFAR10.imageSize()];
        int[] labels = new int[count];
        try (DataInputStream file = new DataInputStream(Files.newInputStream(Path.of(System.getProperty("cifar10.test"))))) {
            for (int i = 0; i < count; i++) {
                labels[i] = file.readUnsignedByte();
                byte[] planes = new byte[CIFAR10.imageSize()];
                file.readFully(planes);
                for (int j = 0; j < planes.length; j++) {
                    images[i * planes.length + j % pixels * CIFAR10.channels() + j / pixels] = (planes[j] & 0xff) / 255f;
                }
            }
        }
        return new ImageBatch(LongStream.range(0, count).toArray(), images, labels);
    }

    private static String setting(String name, String otherwise) {
        return System.getProperty(name, otherwise);
    }
}
