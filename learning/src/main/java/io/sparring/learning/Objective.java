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
}
