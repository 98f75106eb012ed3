package io.sparring.benchmarks;

import io.sparring.learning.ModelProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One session crafts and trains in turns. */
final class AloneTurn {

    private static final float LEARNING_RATE = 0.01f;
    private static final float LAMBDA = 1;

    private final ModelProgram program;
    private final StepPlan plan;
    private final StepImages images;
    private final int together;

    AloneTurn(ModelProgram program, StepPlan plan) {
        this.program = program;
        this.plan = plan;
        this.together = plan.arrangement().together();
        this.images = StepImages.draw(plan.batch() * together, 0);
    }

    /** The median over the steps of each figure; of both added up, for the whole step. */
    StepFigures measure() {
        List<Double> attacks = new ArrayList<>();
        List<Double> trainings = new ArrayList<>();
        double processor = 0;
        for (int step = 0; step < plan.warmUp() + plan.steps(); step++) {
            if (step == plan.warmUp()) {
                processor = ProcessorTime.seconds();
            }
            long start = System.nanoTime();
            float[] perturbed = craft(program, images, step, plan.judged());
            long crafted = System.nanoTime();
            for (int part = 0; part < together; part++) {
                train(program, part(images.pixels(), part), part(perturbed, part), labels(part));
            }
            if (step >= plan.warmUp()) {
                attacks.add((crafted - start) / 1e9 / together);
                trainings.add((System.nanoTime() - crafted) / 1e9 / together);
            }
        }
        double used = (ProcessorTime.seconds() - processor) / (plan.batch() * together * plan.steps());
        double attack = Medians.median(attacks);
        double training = Medians.median(trainings);
        return new StepFigures(plan.batch() / attack, plan.batch() / training, plan.batch() / (attack + training), used);
    }

    static float[] craft(ModelProgram program, StepImages images, long seed, boolean judged) {
        return judged
                ? program.attack(StepNetwork.ATTACK, images.pixels(), images.labels(), seed, StepImages.EPSILON,
                        StepImages.STEP_SIZE).perturbed()
                : program.perturb(StepNetwork.ATTACK, images.pixels(), images.labels(), seed, StepImages.EPSILON,
                        StepImages.STEP_SIZE);
    }

    static void train(ModelProgram program, float[] clean, float[] perturbed, int[] labels) {
        program.train(clean, perturbed, labels, LEARNING_RATE, LAMBDA);
    }

    private float[] part(float[] all, int part) {
        int size = all.length / together;
        return together == 1 ? all : Arrays.copyOfRange(all, part * size, (part + 1) * size);
    }

    private int[] labels(int part) {
        return Arrays.copyOfRange(images.labels(), part * plan.batch(), (part + 1) * plan.batch());
    }
}
