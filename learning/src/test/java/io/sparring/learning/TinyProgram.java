package io.sparring.learning;

import java.util.List;
import java.util.Random;

/** A model program that is small enough to be built, loaded and run many times, with images for it. */
final class TinyProgram {

    static final Geometry GEOMETRY = new Geometry(8, 8, 3, 5);
    static final AttackSpecification TRAINING = new AttackSpecification("training", 3, true);
    static final AttackSpecification EVALUATION = new AttackSpecification("evaluation", 5, false);
    static final ExecutionSettings SETTINGS = ExecutionSettings.standard();

    private TinyProgram() {
    }

    static ProgramSpecification specification(String objective, boolean batchNorm) {
        return specification(objective, batchNorm, new OptimizerSpecification(0.9f, 5e-4f));
    }

    static ProgramSpecification specification(String objective, boolean batchNorm, OptimizerSpecification optimizer) {
        return new ProgramSpecification(GEOMETRY,
                new NetworkSpecification("cnn4", 4, 16, batchNorm, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.3f, 0.25f)),
                new ObjectiveSpecification(objective), optimizer, List.of(TRAINING, EVALUATION));
    }

    /** Loads the program with weights drawn from seed 0. */
    static ModelProgram load(ProgramSpecification specification) {
        ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(specification), SETTINGS);
        program.assign(InitialWeights.draw(specification, 0));
        return program;
    }

    static float[] images(Random random, int count) {
        float[] images = new float[count * GEOMETRY.imageSize()];
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        return images;
    }

    static int[] labels(Random random, int count) {
        return random.ints(count, 0, GEOMETRY.classes()).toArray();
    }
}
