package io.sparring.trainer;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Platform;
import io.sparring.learning.Precision;
import io.sparring.learning.PrecisionChoice;
import java.util.Locale;
import java.util.Optional;

/**
 * Sessions of a run's program that compute as was recorded, as far as that is a matter of settings. All sessions of a JVM share
 * their threads, so it is the first of them that decides how many there are.
 */
final class ReplayPrograms {

    private final byte[] program;
    private final String precision;
    private final boolean recordedThreads;
    private ExecutionSettings execution;
    private boolean begun;
    private ExecutionSettings settled;

    /**
     * @param precision what the run says, for what was recorded without it
     * @param recordedThreads whether as many threads are used as were recorded first, rather than those of {@code execution}
     */
    ReplayPrograms(byte[] program, String precision, ExecutionSettings execution, boolean recordedThreads) {
        this.program = program;
        this.precision = precision;
        this.execution = execution;
        this.recordedThreads = recordedThreads;
    }

    /** For what was computed on that platform; {@code null} where a release recorded none. */
    ExecutionSettings settings(String recordedOn) {
        Optional<Platform> platform = Optional.ofNullable(recordedOn).flatMap(Platform::parse);
        if (!begun && recordedThreads && platform.isPresent()) {
            execution = execution.with(platform.get().threads());
        }
        begun = true;
        if (platform.isPresent()) {
            return execution.in(Precision.valueOf(platform.get().precision().toUpperCase(Locale.ROOT)));
        }
        if (settled == null) {
            settled = PrecisionChoice.settle(precision, program, execution);
        }
        return settled;
    }

    /** A session, which is the caller's to close. */
    ModelProgram load(ExecutionSettings settings) {
        return ModelProgram.load(program, settings);
    }
}
