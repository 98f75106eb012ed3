package io.sparring.dashboard;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a report writes numbers and times: as the live page does, but that no reader's time zone or language is known. */
final class Figures {

    static final String NONE = "–";

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT);
    private static final double SMALL = 1e-3;
    private static final double LARGE = 1e7;

    private Figures() {
    }

    /** A share as 80.0 %, with so many digits behind the point. */
    static String percent(Double share, int digits) {
        return share == null || !Double.isFinite(share) ? NONE
                : BigDecimal.valueOf(share).movePointRight(2).setScale(digits, RoundingMode.HALF_UP) + " %";
    }

    /** A share as 80.0 %. */
    static String percent(Double share) {
        return percent(share, 1);
    }

    /** Two shares as 77.0 to 83.0 %. */
    static String interval(Double lower, Double upper) {
        return percent(lower).replace(" %", "") + " to " + percent(upper);
    }

    /** 12,345 */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** With about four digits that mean something. */
    static String number(Double value) {
        if (value == null || !Double.isFinite(value)) {
            return NONE;
        }
        if (value == Math.rint(value) && Math.abs(value) < LARGE) {
            return count((long) (double) value);
        }
        if (Math.abs(value) >= LARGE || Math.abs(value) < SMALL) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
        return rounded.scale() <= 0 ? count(rounded.longValue()) : rounded.toPlainString();
    }

    /** 2026-11-29 08:41:29 UTC */
    static String moment(Instant at) {
        return MOMENT.format(at.atOffset(ZoneOffset.UTC));
    }

    /** The sign of a norm. */
    static String norm(String norm) {
        return norm.equals("l2") ? "L2" : norm.equals("linf") ? "L∞" : Shown.text(norm);
    }

    /** The name by which an attack is known: pgd-20 is PGD-20. */
    static String attack(String attack) {
        String text = Shown.text(attack);
        return text.matches("(pgd|apgd|fab|nrr)(-.*)?") ? text.toUpperCase(Locale.ROOT)
                : text.equals("autoattack") ? "AutoAttack"
                : text.isEmpty() ? NONE : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
