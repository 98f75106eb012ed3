package io.sparring.learning;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** {@code predict}: images to logits, in evaluation mode. */
final class PredictSignature {

    private PredictSignature() {
    }

    static ProgramSignature build(ProgramGraph program) {
        Ops tf = program.scope(ProgramSignature.PREDICT);
        return build(program, tf, program.read(tf, program.weights()));
    }

    /** The same with weights that come from elsewhere than the program's variables. */
    static ProgramSignature build(ProgramGraph program, Ops tf, Map<String, Operand<TFloat32>> values) {
        Operand<TFloat32> images = program.images(tf, ProgramSignature.IMAGES);
        Classifier network = program.network().with(tf, new SignatureWeights(values, false));
        return new ProgramSignature(
                Map.of(ProgramSignature.IMAGES, images),
                Map.of(ProgramSignature.LOGITS, network.logits(images)));
    }
}
