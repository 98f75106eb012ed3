package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Nothing native is left behind: neither JavaCPP's pointers nor memory that only TensorFlow knows of. */
@EnabledOnOs(OS.LINUX)
class ModelProgramMemoryTest {

    private static final int COUNT = 128;
    private static final float[] IMAGES = TinyProgram.images(new Random(1), COUNT);
    private static final int[] LABELS = TinyProgram.labels(new Random(2), COUNT);

    @Test
    void staysTheSameOverThousandsOfCalls() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at+rpat", true))) {
            call(program, 30);
            long pointers = Pointer.totalCount();
            long bytes = AllocatedMemory.bytes();
            call(program, 300);
            // One copy of the images alone that stayed behind in each round would be 29 MB.
            assertGrownByLessThan(12L << 20, bytes);
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
        }
    }

    @Test
    void isGivenBackWhenProgramsAreClosed() {
        ProgramSpecification specification = TinyProgram.specification("pgd-at", false);
        byte[] program = ModelProgramBuilder.build(specification);
        Tensors weights = InitialWeights.draw(specification, 0);
        loadAndClose(program, weights, 3);
        long pointers = Pointer.totalCount();
        long bytes = AllocatedMemory.bytes();
        loadAndClose(program, weights, 10);
        // A session alone that stayed behind each time would be more.
        assertGrownByLessThan(8L << 20, bytes);
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
    }

    private static void loadAndClose(byte[] program, Tensors weights, int times) {
        for (int i = 0; i < times; i++) {
            try (ModelProgram loaded = ModelProgram.load(program, TinyProgram.SETTINGS)) {
                loaded.assign(weights);
                loaded.predict(IMAGES, COUNT);
            }
        }
    }

    /** DJL copies into tensors by way of direct buffers, which the next garbage collection frees. */
    private static void assertGrownByLessThan(long limit, long before) {
        await().untilAsserted(() -> {
            System.gc();
            assertThat(AllocatedMemory.bytes() - before).isLessThan(limit);
        });
    }

    private static void call(ModelProgram program, int rounds) {
        for (int round = 0; round < rounds; round++) {
            AttackResult crafted = program.attack("training", IMAGES, LABELS, round, 0.1f, 0.05f);
            program.train(IMAGES, crafted.perturbed(), LABELS, 1e-3f, 1);
            program.predict(IMAGES, COUNT);
            program.assign(program.weights(), program.optimizer());
        }
    }
}
