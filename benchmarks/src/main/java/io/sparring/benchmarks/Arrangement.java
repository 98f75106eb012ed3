package io.sparring.benchmarks;

import io.sparring.cli.Machine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the cores are put to crafting and training.
 *
 * <p>{@code alone}: one session; it crafts a batch and trains on it, the next against the weights that this led to.
 * {@code shared}: several sessions, each on a thread; one holds the weights and trains whenever a batch is there, and crafts
 * like the others when none is. Batches are at most {@code sessions} steps old, as those of attackers in a run are.
 *
 * @param sessions 1 for alone
 * @param threads  that a session computes with
 * @param together how many batches one attack crafts at once, 1 to 64
 */
record Arrangement(int sessions, int threads, int together) {

    static final String SYNTAX = "SESSIONSxTHREADS or SESSIONSxTHREADSxBATCHES, each 1 to 64, such as 1x2 or 2x1x2";

    private static final int MOST = 64;
    private static final Pattern FORM = Pattern.compile("([1-9]\\d?)x([1-9]\\d?)(?:x([1-9]\\d?))?");

    /** A session of one thread for each core, the fastest that was seen (docs/performance.md). */
    static Arrangement of(Machine machine) {
        return new Arrangement(Math.min(machine.cores(), MOST), 1, 1);
    }

    /** @throws IllegalArgumentException if the text is no arrangement */
    static Arrangement parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw refusal(text);
        }
        Arrangement arrangement = new Arrangement(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)),
                form.group(3) == null ? 1 : Integer.parseInt(form.group(3)));
        if (arrangement.sessions > MOST || arrangement.threads > MOST || arrangement.together > MOST) {
            throw refusal(text);
        }
        return arrangement;
    }

    private static IllegalArgumentException refusal(String text) {
        return new IllegalArgumentException("--arrangement: " + text + "; allowed: " + SYNTAX);
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return sessions + "x" + threads + (together == 1 ? "" : "x" + together);
    }
}
