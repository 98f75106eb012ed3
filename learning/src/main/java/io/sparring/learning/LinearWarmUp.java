package io.sparring.learning;

/**
 * Grows from almost nothing to 1 over the first batches, in equal steps.
 *
 * @param batches how many; 0 is no warm-up
 */
record LinearWarmUp(long batches) {

    float factor(long batchNumber) {
        return batchNumber >= batches ? 1 : (float) ((batchNumber + 1.0) / batches);
    }
}
