package io.sparring.learning;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A network: layers in a row, from images (N x H x W x C, in [0,1]) to logits (N x classes).
 */
public record Network(List<Layer> layers) implements Layer {

    public Network {
        layers = List.copyOf(layers);
    }

    @Override
    public List<Variable> variables() {
        return layers.stream().flatMap(layer -> layer.variables().stream()).toList();
    }

    @Override
    public Operand<TFloat32> apply(Ops tf, SignatureWeights weights, Operand<TFloat32> input) {
        Operand<TFloat32> output = input;
        for (Layer layer : layers) {
            output = layer.apply(tf, weights, output);
        }
        return output;
    }

    /** The network with those weights, in the mode they are in. */
    Classifier with(Ops tf, SignatureWeights weights) {
        return images -> apply(tf, weights, images);
    }
}
