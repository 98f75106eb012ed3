package io.sparring.attacker;

import io.sparring.learning.ModelProgram;
import io.sparring.schemas.ImageBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The views of a clean batch, as a model program takes them.
 *
 * @param pixels of each view, 1 or 2: unsigned bytes, all of the same images in the same order
 * @param labels one for each image
 */
public record BatchViews(List<byte[]> pixels, int[] labels) {

    /** The views of the batch; the arrays are the caller's. */
    public static BatchViews of(ImageBatch batch) {
        byte[] first = bytes(batch.getPixels());
        return new BatchViews(batch.getSecondPixels() == null ? List.of(first) : List.of(first, bytes(batch.getSecondPixels())),
                batch.getLabels().stream().mapToInt(Integer::intValue).toArray());
    }

    /** Why the model program cannot be trained on this batch, or nothing. */
    public static Optional<String> problem(ImageBatch batch, ModelProgram program) {
        int views = batch.getSecondPixels() == null ? 1 : 2;
        return program.geometry().problem(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses())
                .or(() -> views == program.views() ? Optional.empty()
                        : Optional.of("views: " + views + "; allowed: what the run's objective takes, " + program.views()));
    }

    /** What the buffer holds. */
    public static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
