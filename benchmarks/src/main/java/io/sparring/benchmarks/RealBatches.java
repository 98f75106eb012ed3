package io.sparring.benchmarks;

import io.sparring.learning.AttackResult;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.Tensors;
import io.sparring.producer.Augmentation;
import io.sparring.producer.Batch;
import io.sparring.producer.BatchSequence;
import io.sparring.producer.LabeledImages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Batches of a real data set with the perturbations that PGD finds against weights that have been trained on such. */
final class RealBatches {

    /** ε 8/255 in units of 1/255. */
    static final int BOUND = 8;

    private static final float LEARNING_RATE = 0.05f;

    /**
     * A batch and its perturbation.
     *
     * @param step         how many steps the weights had been trained for
     * @param perturbation signed numbers of 1/255, as many as pixels
     */
    record Sample(long step, Batch batch, byte[] perturbation) {
    }

    /**
     * What a training gave.
     *
     * @param samples in order of their steps
     * @param weights after the last step
     */
    record Result(List<Sample> samples, Tensors weights) {
    }

    private final BatchSequence sequence;
    private final StepNetwork network;

    /** @param images of the geometry that the networks take */
    RealBatches(LabeledImages images, StepNetwork network, int batchSize, Augmentation augmentation) {
        this.sequence = new BatchSequence(images, 0, batchSize, augmentation);
        this.network = network;
    }

    /**
     * Trains for some steps with PGD-AT and robust perception and keeps the last batches before every {@code every}-th step.
     *
     * @param steps 0 or more
     * @param kept  how many batches are kept each time
     * @param tell  is told the step before each
     */
    Result train(long steps, long every, int kept, LongConsumer tell) {
        List<Sample> samples = new ArrayList<>();
        byte[] savedModel = ModelProgramBuilder.build(network.program());
        try (ModelProgram program = ModelProgram.load(savedModel, ExecutionSettings.standard())) {
            program.assign(InitialWeights.draw(network.program(), 0));
            for (long step = 0; step <= steps; step++) {
                tell.accept(step);
                if (step % every == 0) {
                    for (int further = 0; further < kept; further++) {
                        samples.add(craft(program, step, step + further));
                    }
                }
                if (step < steps) {
                    Sample sample = craft(program, step, step);
                    program.train(PixelPerturbation.images(sample.batch().pixels()),
                            PixelPerturbation.apply(sample.batch().pixels(), sample.perturbation()),
                            sample.batch().labels(), LEARNING_RATE, 1);
                }
            }
            return new Result(samples, program.weights());
        }
    }

    private Sample craft(ModelProgram program, long step, long number) {
        Batch batch = sequence.batch(number);
        AttackResult result = program.attack(StepNetwork.ATTACK, PixelPerturbation.images(batch.pixels()), batch.labels(),
                number, StepImages.EPSILON, StepImages.STEP_SIZE);
        return new Sample(step, batch, PixelPerturbation.encode(batch.pixels(), result.perturbed(), BOUND));
    }
}
