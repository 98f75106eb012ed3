package io.sparring.cli;

import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AttackedImage;
import io.sparring.learning.autoattack.ImageBatch;
import io.sparring.learning.autoattack.ImageState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Attacks a model's images, and goes on where an earlier process was killed. */
final class Evaluation {

    private static final double NANOS = 1e-9;

    private final ModelCopies model;
    private final int batch;
    private final EvaluationState state;
    private final EvaluationProgress progress;
    private final LongSupplier nanos;
    private final Runnable between;

    /**
     * @param batch how many images are attacked together at most
     * @param nanos a clock, such as {@link System#nanoTime}
     * @param between is run after each batch, when what was made of it is on disk; what it throws ends the evaluation
     */
    Evaluation(ModelCopies model, int batch, EvaluationState state, EvaluationProgress progress, LongSupplier nanos,
            Runnable between) {
        this.model = model;
        this.batch = batch;
        this.state = state;
        this.progress = progress;
        this.nanos = nanos;
        this.between = between;
    }

    /** @param name what it is called meanwhile */
    AttackedImages run(String name, AttackSuite suite, ImageBatch images) {
        Map<Long, ImageState> known = state.of(suite);
        progress.begin(name, suite, images, known);
        long[] last = {nanos.getAsLong()};
        List<ImageState> states = suite.attack(model.programs(), images, known, batch, attacked -> {
            List<ImageState> after = attacked.stream().map(AttackedImage::state).toList();
            long now = nanos.getAsLong();
            try {
                state.add(suite, after, (now - last[0]) * NANOS);
            } catch (IOException e) {
                throw new UncheckedIOException("--state: " + e.getMessage(), e);
            }
            last[0] = now;
            progress.show(after);
            between.run();
        });
        progress.end();
        return new AttackedImages(suite, states, state.seconds(suite));
    }
}
