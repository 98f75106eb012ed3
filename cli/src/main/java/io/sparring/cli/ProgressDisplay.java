package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.TrainingStep;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shows a run's progress: two lines that are drawn anew on a terminal, a line every ten seconds elsewhere. */
final class ProgressDisplay {

    private static final int BAR = 40;
    private static final long PLAIN_MILLIS = 10_000;
    /** A narrow terminal cuts the lines off: wrapped ones would be more than the two that are drawn over. */
    private static final String NO_WRAPPING = "\u001b[?7l";
    private static final String WRAPPING = "\u001b[?7h";
    private static final String BACK_TWO_LINES = "\u001b[2F\u001b[J";

    private final PrintWriter out;
    private final boolean terminal;
    private final RunSpecification run;
    private final Clock clock;
    private boolean drawn;
    private long shownAt;
    /** Where and when this display first saw the run move: what came before says nothing of its speed. */
    private long startBatches = -1;
    private long startMillis;

    /** @param terminal whether what was written can be drawn over */
    ProgressDisplay(PrintWriter out, boolean terminal, RunSpecification run, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.run = run;
        this.clock = clock;
        this.shownAt = clock.millis() - PLAIN_MILLIS;
    }

    /** Shows the progress of this moment, if it is time to. */
    void show(RunProgress progress) {
        long now = clock.millis();
        if (startBatches < 0 && progress.batches() > 0) {
            startBatches = progress.batches();
            startMillis = now;
        }
        if (terminal) {
            out.print(drawn ? BACK_TWO_LINES : "");
            out.println(NO_WRAPPING + bar(progress, now));
            out.println(figures(progress, now) + WRAPPING);
            drawn = true;
        } else if (now - shownAt >= PLAIN_MILLIS) {
            out.println(bar(progress, now) + "  " + figures(progress, now));
            shownAt = now;
        }
        out.flush();
    }

    /** Writes a line above the progress. */
    void say(String line) {
        out.print(drawn ? BACK_TWO_LINES : "");
        drawn = false;
        out.println(line);
        out.flush();
    }

    private String bar(RunProgress progress, long now) {
        long total = run.data().batches();
        long done = progress.batches();
        if (total == 0) {
            return String.format(Locale.ROOT, "batch %,d", done);
        }
        int filled = (int) (BAR * done / total);
        return String.format(Locale.ROOT, "[%s%s] %,d of %,d batches, %d %%%s", "#".repeat(filled), "-".repeat(BAR - filled),
                done, total, 100 * done / total, remaining(done, total, now));
    }

    private String remaining(long done, long total, long now) {
        if (startBatches < 0 || done <= startBatches || done >= total) {
            return "";
        }
        long seconds = (now - startMillis) * (total - done) / (done - startBatches) / 1000;
        return String.format(Locale.ROOT, ", about %d:%02d left", seconds / 60, seconds % 60);
    }

    private String figures(RunProgress progress, long now) {
        StringBuilder line = new StringBuilder("images/s");
        for (String service : List.of("producer", "attacker", "trainer", "evaluator")) {
            line.append(String.format(Locale.ROOT, " %s %.0f", service, progress.imagesPerSecond(service, now)));
        }
        Optional<TrainingStep> step = progress.lastStep();
        step.filter(last -> last.getStaleness() != null).ifPresent(last -> line.append(String.format(Locale.ROOT,
                " | staleness %d | loss %.3f", last.getStaleness(), last.getLoss())));
        List<MeasuredVersion> versions = progress.versions();
        if (!versions.isEmpty()) {
            MeasuredVersion newest = versions.get(versions.size() - 1);
            line.append(String.format(Locale.ROOT, " | robust %.1f %% (step %d)", 100 * newest.pgd20(), newest.step()));
        }
        return line.toString();
    }
}
