package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * Stages of residual blocks, each with twice the channels of the one before; the first block of every stage but the first halves
 * height and width.
 *
 * @param stages  how many
 * @param blocks  in each stage
 * @param inputs  channels that the first block takes
 * @param outputs channels that the first stage gives
 */
record ResidualStages(int stages, int blocks, int inputs, int outputs) {

    /** Makes one block. */
    @FunctionalInterface
    interface Block {
        Layer block(String name, int inputs, int outputs, int stride);
    }

    List<Layer> layers(Block block) {
        List<Layer> layers = new ArrayList<>();
        int before = inputs;
        for (int stage = 0; stage < stages; stage++) {
            int channels = outputs << stage;
            for (int number = 0; number < blocks; number++) {
                int stride = stage > 0 && number == 0 ? 2 : 1;
                layers.add(block.block("stage" + (stage + 1) + "/block" + (number + 1), before, channels, stride));
                before = channels;
            }
        }
        return layers;
    }

    /** How many channels the last stage gives. */
    int last() {
        return outputs << (stages - 1);
    }
}
