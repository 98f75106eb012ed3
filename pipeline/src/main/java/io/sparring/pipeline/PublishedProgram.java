package io.sparring.pipeline;

/**
 * What the topic {@code runs} says of a run.
 *
 * @param specification as published
 * @param programSha256 digest of the model program
 * @param program the model program, a SavedModel's {@code saved_model.pb}
 */
public record PublishedProgram(RunSpecification specification, String programSha256, byte[] program) {
}
