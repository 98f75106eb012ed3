package io.sparring.cli;

import io.sparring.learning.AttackableModel;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies of a model that attack at the same time. On a processor there is one for each thread, each computing with one: the
 * attacks' own work, which TensorFlow's threads would wait for, is shared out too.
 *
 * @param programs at least one
 */
record ModelCopies(List<ModelProgram> programs) implements AutoCloseable {

    static ModelCopies load(AttackableModel model, ExecutionSettings settings) {
        int copies = settings.device().isGpu() ? 1 : settings.intraOpThreads();
        List<ModelProgram> programs = new ArrayList<>();
        try {
            for (int i = 0; i < copies; i++) {
                programs.add(model.load(copies == 1 ? settings : settings.with(1)));
            }
        } catch (RuntimeException e) {
            programs.forEach(ModelProgram::close);
            throw e;
        }
        return new ModelCopies(List.copyOf(programs));
    }

    ModelProgram first() {
        return programs.get(0);
    }

    @Override
    public void close() {
        programs.forEach(ModelProgram::close);
    }
}
