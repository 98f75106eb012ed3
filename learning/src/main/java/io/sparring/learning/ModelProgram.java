package io.sparring.learning;

import java.util.List;
import java.util.Set;

/**
 * A model program, loaded: a session of its own, whose weights are unset until {@link #assign} gives them. Used by one
 * thread at a time. On the CPU, the same calls give the same bits.
 *
 * <p>Images are NHWC in [0,1], row-major in one array; labels are 0 to classes - 1. Every call throws
 * {@link IllegalArgumentException} for input of the wrong size or range, and {@link IllegalStateException} before weights
 * are assigned and after {@link #close}.
 */
public interface ModelProgram extends DifferentiableModel, AutoCloseable {

    /**
     * Loads what {@link ModelProgramBuilder} built, or another SavedModel with the same signatures. A program is code: one that
     * is too large, has an operation that is not allowed or would make TensorFlow read a file is refused before that sees it.
     *
     * @throws IllegalArgumentException when the bytes are no model program, or not one that may be loaded
     */
    static ModelProgram load(byte[] savedModel, ExecutionSettings settings) {
        return LoadedProgram.load(savedModel, settings);
    }

    /** What the bits of all that it computes depend on beside its inputs, as {@link Platform} describes it. */
    String platform();

    /** The names of the program's attacks, sorted. */
    Set<String> attacks();

    /** How many augmented views of each image {@link #train} takes, 1 or 2. */
    int views();

    /** Whether the program keeps an average of the weights, which is what is to be evaluated and exported then. */
    boolean averages();

    /**
     * Refuses a program made elsewhere that a run cannot be trained with; looks at what continues its attacks where that is there.
     *
     * @param attacks that it is to have
     * @throws IllegalArgumentException naming the signature, and what is wrong with what it takes or gives
     */
    void requireTrainable(Set<String> attacks);

    /** @throws IllegalArgumentException unless these are the program's weights, by name and shape */
    void requireFitting(String what, Tensors weights);

    /** Sets the weights, moving statistics included, their averages to the same, and the optimizer's momenta to zero. */
    void assign(Tensors weights);

    /** Sets the weights, moving statistics included, their averages to the same, and the optimizer's momenta. */
    void assign(Tensors weights, Tensors optimizer);

    /**
     * Sets the weights, the optimizer's momenta and the averaged weights, moving statistics included in both.
     *
     * @throws IllegalArgumentException also when the program keeps no averages
     */
    void assign(Tensors weights, Tensors optimizer, Tensors averaged);

    /** The weights as they are now, moving statistics included, sorted by name. */
    Tensors weights();

    /** The optimizer's momenta as they are now, sorted by name: those of the weights, with {@code /momentum} behind. */
    Tensors optimizer();

    /**
     * The averaged weights as they are now, with the names of the weights, so that they can be assigned as such.
     *
     * @throws IllegalArgumentException when the program keeps no averages
     */
    Tensors averaged();

    /**
     * Perturbs images so that the network errs, in evaluation mode. The same arguments and weights give the same result.
     *
     * @param attack   one of {@link #attacks()}
     * @param seed     of the random start
     * @param epsilon  the ball's radius, in units of [0,1]
     * @param stepSize of one step, likewise
     */
    AttackResult attack(String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize);

    /**
     * The perturbed images that {@link #attack} gives, and no more: what the network makes of them is not computed, which saves
     * one forward pass.
     */
    default float[] perturb(String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        return attack(attack, images, labels, seed, epsilon, stepSize).perturbed();
    }

    /** Whether the program has further steps of that attack, see {@link #continueAttack}. */
    boolean continues(String attack);

    /**
     * Takes the program's further steps of an attack from images that are perturbed already, in evaluation mode; draws nothing.
     *
     * @param perturbed where it starts, in the ball around the images
     * @param epsilon   the ball's radius, in units of [0,1]
     * @param stepSize  of one step, likewise
     * @throws IllegalArgumentException also when the program does not continue that attack
     */
    AttackResult continueAttack(
            String attack, float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize);

    /** The perturbed images that {@link #continueAttack} gives, and no more, like {@link #perturb}. */
    default float[] perturbFurther(
            String attack, float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        return continueAttack(attack, images, perturbed, labels, epsilon, stepSize).perturbed();
    }

    /**
     * One step of an objective with one view, with the papers' β and averaging.
     *
     * @param clean        the images
     * @param perturbed    what an attack made of them
     * @param learningRate of this step
     * @param lambda       the weight of the objective's further terms; unused by those that have none
     */
    default TrainingLosses train(float[] clean, float[] perturbed, int[] labels, float learningRate, float lambda) {
        return train(List.of(new TrainingView(clean, perturbed)), labels,
                new TrainingParameters(learningRate, lambda));
    }

    /**
     * One step of the program's objective, batch normalisation in train mode.
     *
     * @param views as many as {@link #views()} says, each of all images in the order of the labels
     */
    TrainingLosses train(List<TrainingView> views, int[] labels, TrainingParameters parameters);

    /** Frees the session and all that is native. Calling it again does nothing. */
    @Override
    void close();
}
