package io.sparring.trainer;

/** The loss or a weight is NaN or infinite, and nothing of that is published. */
final class NotFiniteException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    private final long batchNumber;
    private final String reason;

    /**
     * @param batchNumber the batch after which it was found; it or one before it, since the last update, is the cause
     * @param reason what was found
     * @param advice what to do about it
     */
    NotFiniteException(long batchNumber, String reason, String advice) {
        super("batch " + batchNumber + ": " + reason + "; " + advice);
        this.batchNumber = batchNumber;
        this.reason = reason;
    }

    long batchNumber() {
        return batchNumber;
    }

    String reason() {
        return reason;
    }
}
