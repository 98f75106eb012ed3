package io.sparring.pipeline;

/** Records that a reader needs are not there any more; the message has topic, partition, wanted and first offset. */
public final class LostPositionException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** @param cause what the consumer said */
    public LostPositionException(String message, Throwable cause) {
        super(message, cause);
    }
}
