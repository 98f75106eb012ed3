package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;



/** The images as they are: those that the model takes for another class need no attack. */
record CleanImages() implements AttackStep {

    @Override
    public String part() {
        return AttackSuite.CLEAN;
    }

    @Override
    public String name() {
        return part();
    }

    @Override
    public AttackOutcome run(DifferentiableModel program, ImageBatch batch) {
        AttackOutcome outcome = AttackOutcome.of(batch);
        float[][] logits = program.predict(batch.images(), batch.size());
        for (int row = 0; row < logits.length; row++) {
            outcome.fooled()[row] = Logits.largest(logits[row]) != batch.labels()[row];
        }
        return outcome;
    }
}
