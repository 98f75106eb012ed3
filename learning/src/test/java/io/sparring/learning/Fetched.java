package io.sparring.learning;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** What a session has fetched, as arrays. */
final class Fetched {

    private Fetched() {
    }

    /** The values of each of the tensors, all of them float32, row-major. */
    static List<float[]> floats(Result result) {
        List<float[]> computed = new ArrayList<>();
        for (int i = 0; i < result.size(); i++) {
            TFloat32 tensor = (TFloat32) result.get(i);
            float[] read = new float[(int) tensor.size()];
            tensor.asRawTensor().data().asFloats().read(read);
            computed.add(read);
        }
        return computed;
    }
}
