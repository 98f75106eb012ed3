package io.sparring.learning;

import org.tensorflow.op.Ops;

/** What training minimises. */
interface Objective {

    /**
     * Adds the forward passes and the loss to the graph. The order in which {@code network} is called is the order in which
     * batch normalisation's moving statistics move.
     *
     * @param network in train mode
     */
    ObjectiveTerms terms(Ops tf, Classifier network, TrainingBatch batch);

    /**
     * What is minimised, for readers: f gives logits and g those of the averaged weights; x is clean, x' perturbed, x~ between
     * the two, and y the label.
     */
    String formula();

    /** How many augmented views of each image it takes, 1 or 2. */
    default int views() {
        return 1;
    }

    /** Whether it needs the network with averaged weights, which the program then keeps. */
    default boolean averages() {
        return false;
    }
}
