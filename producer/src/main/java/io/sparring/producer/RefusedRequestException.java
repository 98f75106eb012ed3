package io.sparring.producer;

/** A request of which nothing is taken; the message names the thing that is wrong and what is allowed. */
final class RefusedRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status HTTP's code for it */
    RefusedRequestException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
