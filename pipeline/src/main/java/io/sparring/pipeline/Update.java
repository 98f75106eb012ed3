package io.sparring.pipeline;

import io.sparring.schemas.UpdateIdentity;

/**
 * Published weights, whole.
 *
 * @param nextBatch smallest batch number without an outcome when it was made
 * @param evaluate whether evaluators are to measure it
 * @param programSha256 the model program it belongs to
 * @param sha256 digest of {@code weights}
 * @param weights a safetensors file: the weights that training moves, or their average where the reader asked for that
 */
public record Update(UpdateIdentity identity, long nextBatch, boolean evaluate, String programSha256, String sha256,
        byte[] weights) {
}
