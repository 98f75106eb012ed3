package io.sparring.learning;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;

/** How precisely convolutions and products of matrices are computed; weights, losses and updates are float32 in any case. */
public enum Precision {

    /** 32 bits throughout. */
    FLOAT32,

    /**
     * 16 bits, 8 of them the exponent, where TensorFlow's list of operations says that it does no harm; on a processor that
     * has instructions for it (AVX512-BF16, AMX) faster, on others not. The gradient of a training step has a cosine of 0.99 or
     * more to that in float32, but of 0.94 or so at the random initial weights of a deep residual network.
     */
    BFLOAT16;

    /** Makes a session rewrite its graphs so. */
    void configure(ConfigProto.Builder session) {
        if (this == BFLOAT16) {
            session.setGraphOptions(GraphOptions.newBuilder().setRewriteOptions(RewriterConfig.newBuilder()
                    .setAutoMixedPrecisionOnednnBfloat16(RewriterConfig.Toggle.ON)));
        }
    }
}
