package io.sparring.cli;

import io.sparring.pipeline.ProgramPin;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model program may be loaded. */
final class ProgramOptions {

    @Option(names = "--program-sha256", paramLabel = "HEX",
            description = "The SHA-256 of the only model program to load (default: whichever the run has published).")
    private String sha256;

    /** @throws IllegalArgumentException for what is no digest */
    ProgramPin pin() {
        return new ProgramPin(Optional.ofNullable(sha256));
    }
}
