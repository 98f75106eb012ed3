package io.sparring.pipeline;

/**
 * What the topic {@code runs} says of a run.
 *
 * @param versions of its specification, at least one
 * @param programSha256 digest of the model program
 * @param program the model program, a SavedModel's {@code saved_model.pb}
 */
public record PublishedProgram(SpecificationVersions versions, String programSha256, byte[] program) {

    /** The newest version of the specification. */
    public RunSpecification specification() {
        return versions.newest().specification();
    }
}
