package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * Networks of {@link PreActivation} blocks: a stem 3 x 3, stages of blocks, batch normalisation, ReLU, global average pooling, a
 * dense layer.
 */
final class PreActResNet {

    private PreActResNet() {
    }

    /**
     * PreActResNet-18 (He et al., arXiv 1603.05027; {@code networks/preactresnet.py} in {@code RPAT_SOTAs}): four stages of two
     * blocks. Width 64 is the usual one: 11 172 170 trainable weights for three channels and ten classes.
     * The published code leaves their first values to PyTorch's defaults, which are those of the layers here.
     */
    static Network eighteen(Geometry geometry, NetworkSpecification specification) {
        return network(geometry, new ResidualStages(4, 2, specification.width(), specification.width()));
    }

    static Network network(Geometry geometry, ResidualStages stages) {
        List<Layer> layers = new ArrayList<>();
        layers.add(new Convolution("stem/conv", 3, geometry.channels(), stages.inputs(), false));
        layers.addAll(stages.layers(PreActivation::block));
        layers.add(new BatchNormalization("final/bn", stages.last()));
        layers.add(new Rectifier());
        layers.add(new GlobalAveragePooling());
        layers.add(new Dense("head", stages.last(), geometry.classes()));
        return new Network(layers);
    }
}
