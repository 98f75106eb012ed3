package io.sparring.learning;

/** The learning rate as a function of the batch number alone, so that training again takes the same rates. */
@FunctionalInterface
public interface LearningRateSchedule {

    /** @param batchNumber from 0 */
    float at(long batchNumber);
}
