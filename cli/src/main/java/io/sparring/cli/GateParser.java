package io.sparring.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text of a {@link Gate}: {@code name comparison value [%]}, joined by {@code and}. */
final class GateParser {

    private static final Pattern BLANK = Pattern.compile("\\s*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]*");
    private static final Pattern COMPARISON = Pattern.compile(">=|<=|>|<");
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?|\\.\\d+");
    private static final Pattern PERCENT = Pattern.compile("%");
    private static final Pattern AND = Pattern.compile("[Aa][Nn][Dd]\\b");

    private final String text;
    private final Matcher matcher;
    private int at;

    GateParser(String text) {
        this.text = text;
        this.matcher = BLANK.matcher(text);
    }

    /** @throws IllegalArgumentException naming the place and what is allowed there */
    List<Gate.Condition> conditions() {
        List<Gate.Condition> conditions = new ArrayList<>();
        do {
            conditions.add(condition());
        } while (take(AND) != null);
        if (at < text.length()) {
            throw unexpected(at, "and, or the end");
        }
        return conditions;
    }

    private Gate.Condition condition() {
        String attack = require(NAME, "clean or the name of an attack such as pgd-20");
        String sign = require(COMPARISON, ">=, >, <= or <");
        return new Gate.Condition(attack, comparison(sign), bound());
    }

    private double bound() {
        skipBlanks();
        int start = at;
        BigDecimal value = new BigDecimal(require(NUMBER, "a share such as 0.5 or 50 %"));
        // exact, so that 67.9 % is what an accuracy of 679 images of 1,000 is
        BigDecimal share = take(PERCENT) != null ? value.movePointLeft(2) : value;
        if (share.compareTo(BigDecimal.ONE) > 0) {
            throw unexpected(start, "a share from 0 to 1, or from 0 % to 100 %");
        }
        return share.doubleValue();
    }

    private static Gate.Comparison comparison(String sign) {
        for (Gate.Comparison comparison : Gate.Comparison.values()) {
            if (comparison.sign().equals(sign)) {
                return comparison;
            }
        }
        throw new IllegalStateException(sign);
    }

    private String require(Pattern token, String allowed) {
        String taken = take(token);
        if (taken == null) {
            throw unexpected(at, allowed);
        }
        return taken;
    }

    /** The token at this place, which is passed with the blanks behind it; null if it is another. */
    private String take(Pattern token) {
        skipBlanks();
        matcher.usePattern(token).region(at, text.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        String taken = matcher.group();
        at = matcher.end();
        skipBlanks();
        return taken;
    }

    private void skipBlanks() {
        matcher.usePattern(BLANK).region(at, text.length());
        if (matcher.lookingAt()) {
            at = matcher.end();
        }
    }

    private IllegalArgumentException unexpected(int place, String allowed) {
        return new IllegalArgumentException("--gate: at character " + (place + 1) + " of '" + text + "': "
                + (place < text.length() ? "'" + text.substring(place) + "'" : "the end") + " is not allowed; allowed: "
                + allowed);
    }
}
