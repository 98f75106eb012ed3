package io.sparring.dashboard;

/** How what comes from topics, which anybody may have written, is fit for the page. */
final class Shown {

    private static final int LONGEST = 300;

    private Shown() {
    }

    /** A number that JSON has, or null. */
    static Double number(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }

    /** A ratio or loss with as many digits as a chart shows. */
    static Double rounded(double value) {
        return Double.isFinite(value) ? (Double) (Math.round(value * 1e5) / 1e5) : null;
    }

    /** Text of a length that a page has room for. */
    static String text(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " ...";
    }
}
