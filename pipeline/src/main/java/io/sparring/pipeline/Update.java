package io.sparring.pipeline;

import io.opentelemetry.api.trace.SpanContext;
import io.sparring.schemas.UpdateIdentity;

/**
 * Published weights, whole.
 *
 * @param nextBatch smallest batch number without an outcome when it was made
 * @param outcomes batches with an outcome then, at least {@code nextBatch}
 * @param evaluate whether evaluators are to measure it
 * @param programSha256 the model program it belongs to
 * @param sha256 digest of {@code weights}
 * @param weights a safetensors file: the weights that training moves, or their average where the reader asked for that
 * @param origin the span that published it; an invalid one where the trainer does not trace
 */
public record Update(UpdateIdentity identity, long nextBatch, long outcomes, boolean evaluate, String programSha256, String sha256,
        byte[] weights, SpanContext origin) {

    /** One that nobody has traced. */
    public Update(UpdateIdentity identity, long nextBatch, long outcomes, boolean evaluate, String programSha256, String sha256,
            byte[] weights) {
        this(identity, nextBatch, outcomes, evaluate, programSha256, sha256, weights, SpanContext.getInvalid());
    }

    /**
     * Whether it takes the other's place: of the same weights, which are published again once further batches were refused or dropped,
     * the one that says more of them.
     *
     * @param other null for none
     */
    public boolean isNewerThan(Update other) {
        int order = other == null ? 1 : identity.compareTo(other.identity);
        return order > 0 || order == 0 && nextBatch > other.nextBatch;
    }
}
