package io.sparring.cli;

import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageBatch;
import io.sparring.learning.autoattack.ImageState;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;

/** Shows how far an evaluation is: a line that is drawn anew on a terminal, a line every ten seconds elsewhere. */
final class EvaluationProgress {

    private static final long PLAIN_MILLIS = 10_000;
    private static final String ANEW = "\r\u001b[K";

    private final PrintWriter out;
    private final boolean terminal;
    private final Clock clock;
    private final long startMillis;
    private long shownAt;
    private String name;
    private AttackSuite suite;
    private int total;
    private int standing;

    /** @param terminal whether what was written can be drawn over */
    EvaluationProgress(PrintWriter out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.startMillis = clock.millis();
        this.shownAt = startMillis;
    }

    /** @param known what an earlier process has done already, by image */
    void begin(String newName, AttackSuite newSuite, ImageBatch images, Map<Long, ImageState> known) {
        name = newName;
        suite = newSuite;
        total = images.size();
        standing = total;
        int done = 0;
        for (long index : images.indices()) {
            ImageState state = known.getOrDefault(index, ImageState.fresh(index));
            standing -= state.fooledBy().isPresent() ? 1 : 0;
            done += state.steps() > 0 ? 1 : 0;
        }
        if (done > 0) {
            say(String.format(Locale.ROOT, "%s: goes on with %,d of %,d images as they were left", name, done, total));
        }
    }

    /** @param after the images of a batch after a step */
    void show(Iterable<ImageState> after) {
        int step = 0;
        for (ImageState state : after) {
            standing -= state.fooledBy().isPresent() ? 1 : 0;
            step = state.steps();
        }
        long now = clock.millis();
        String line = String.format(Locale.ROOT, "%s: %s, step %d of %d, %,d of %,d images stand, %s", name,
                suite.steps().get(step - 1).name(), step, suite.steps().size(), standing, total, elapsed(now));
        if (terminal) {
            out.print(ANEW + line);
        } else if (now - shownAt >= PLAIN_MILLIS) {
            out.println(line);
            shownAt = now;
        }
        out.flush();
    }

    /** Nothing is drawn over from here on. */
    void end() {
        out.print(terminal ? ANEW : "");
        out.flush();
    }

    private void say(String line) {
        out.println((terminal ? ANEW : "") + line);
        out.flush();
    }

    private String elapsed(long now) {
        long seconds = (now - startMillis) / 1000;
        return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
