package io.sparring.cli;

/** What a paired difference decides about a loss that would still be called none. */
enum Verdict {

    WITHIN("loses no more than the margin"), BEYOND("loses more than the margin"), NOT_DECIDED("not decided");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** @param margin of loss, above 0 */
    static Verdict of(CrossedInterval difference, double margin) {
        // of how other seeds would do, one says nothing
        return difference.seeds() < 2 || difference.lower() <= -margin && difference.upper() >= -margin ? NOT_DECIDED
                : difference.lower() > -margin ? WITHIN : BEYOND;
    }

    String text() {
        return text;
    }
}
