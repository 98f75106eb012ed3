package io.sparring.evaluator;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;

/** The model program of all that is measured, and whose weights it has. Used by one thread. */
final class UpdateWeights {

    private final ModelProgram program;
    private UpdateIdentity loaded;

    /** @param program is the caller's to close; its weights are set by this alone */
    UpdateWeights(ModelProgram program) {
        this.program = program;
    }

    /** The program as it is, for what does not depend on its weights. */
    ModelProgram program() {
        return program;
    }

    /** The program with the weights of an update. */
    ModelProgram with(Update update) {
        if (!update.identity().equals(loaded)) {
            program.assign(SafeTensors.decode(update.weights()));
            loaded = update.identity();
        }
        return program;
    }
}
