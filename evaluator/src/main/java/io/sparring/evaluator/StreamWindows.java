package io.sparring.evaluator;

import io.sparring.learning.WilsonInterval;
import io.sparring.pipeline.PrequentialSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Attack;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamTally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Makes windows over the stream of the facts about its batches: of the last {@code prequential.window} batch numbers, each so many
 * further as {@code prequential.slide} says; the first ones begin at 0 and are shorter. A batch is counted once however often its
 * facts come, and a window is reported once, when
 *
 * <ul>
 * <li>all of its batches have their facts, or
 * <li>there are facts of a batch so far above it that attackers may only craft that once all of the window have their outcome: what
 * is missing then was refused, or crafted by the trainer; or
 * <li>nothing has come for {@link #QUIET}, as at a run's end.
 * </ul>
 */
final class StreamWindows extends ContextualProcessor<Long, Attack, Long, PrequentialWindow> {

    static final String FACTS = "facts";
    static final String REPORTED = "windows";
    static final Duration QUIET = Duration.ofSeconds(30);

    private static final String LAST = "last";
    private static final String REFERENCE = "reference";
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final RunSpecification run;
    private final PrequentialSettings settings;
    private final StreamStatistics statistics;
    private KeyValueStore<Long, Attack> facts;
    private KeyValueStore<String, PrequentialWindow> reported;
    private long newestAt;

    StreamWindows(RunSpecification run) {
        this.run = run;
        this.settings = run.prequential();
        this.statistics = new StreamStatistics(settings);
    }

    @Override
    public void init(ProcessorContext<Long, PrequentialWindow> context) {
        super.init(context);
        facts = context.getStateStore(FACTS);
        reported = context.getStateStore(REPORTED);
        newestAt = context.currentSystemTimeMs();
        context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, this::look);
    }

    @Override
    public void process(Record<Long, Attack> record) {
        Attack fact = record.value();
        // without classes it is of a release, or a process, that did not look at the images
        if (fact.getClasses().isEmpty() || record.key() < first(end()) || facts.get(record.key()) != null) {
            return;
        }
        facts.put(record.key(), fact);
        newestAt = context().currentSystemTimeMs();
        long highest = highest();
        for (long end = end(); closed(end, highest); end = end()) {
            report(end);
        }
    }

    private void look(long now) {
        if (now - newestAt >= QUIET.toMillis()) {
            long highest = highest();
            for (long end = end(); highest >= end - 1; end = end()) {
                report(end);
            }
        }
    }

    /** The batch number that the next window ends before. */
    private long end() {
        PrequentialWindow last = reported.get(LAST);
        long next = last == null ? settings.slide() : last.getToBatch() + 1 + settings.slide();
        // windows that hold nothing are passed over
        try (KeyValueIterator<Long, Attack> held = facts.all()) {
            return held.hasNext() ? Math.max(next, (held.peekNextKey() / settings.slide() + 1) * settings.slide()) : next;
        }
    }

    private long first(long end) {
        return Math.max(0, end - settings.window());
    }

    private long highest() {
        try (KeyValueIterator<Long, Attack> held = facts.reverseAll()) {
            return held.hasNext() ? held.peekNextKey() : -1;
        }
    }

    private boolean closed(long end, long highest) {
        return highest >= end + run.window() || highest >= end - 1 && held(first(end), end) == end - first(end);
    }

    private long held(long from, long end) {
        long count = 0;
        try (KeyValueIterator<Long, Attack> held = facts.range(from, end - 1)) {
            for (; held.hasNext(); held.next()) {
                count++;
            }
        }
        return count;
    }

    private void report(long end) {
        long from = first(end);
        StreamCounts older = new StreamCounts();
        StreamCounts newer = new StreamCounts();
        StreamCounts all = new StreamCounts();
        try (KeyValueIterator<Long, Attack> held = facts.range(from, end - 1)) {
            while (held.hasNext()) {
                KeyValue<Long, Attack> fact = held.next();
                (fact.key < from + (end - from) / 2 ? older : newer).add(fact.value);
                all.add(fact.value);
            }
        }
        PrequentialWindow reference = reported.get(REFERENCE);
        // half of it is enough to go by
        boolean full = end - from == settings.window() && 2L * all.batches() >= settings.window();
        PrequentialWindow window = window(from, end, all)
                .setStatistics(full ? statistics.of(older, newer, all, reference) : List.of()).build();
        if (full && reference == null) {
            reported.put(REFERENCE, window);
        }
        reported.put(LAST, window);
        forget(first(end + settings.slide()));
        context().forward(new Record<>(window.getToBatch(), window, window.getCreatedAt().toEpochMilli()));
    }

    private void forget(long below) {
        if (below > 0) {
            try (KeyValueIterator<Long, Attack> held = facts.range(0L, below - 1)) {
                held.forEachRemaining(fact -> facts.delete(fact.key));
            }
        }
    }

    private PrequentialWindow.Builder window(long from, long end, StreamCounts counts) {
        StreamTally unseen = counts.unseen();
        StreamTally seen = counts.seen();
        Optional<WilsonInterval> robust = interval(unseen.getRobust(), unseen.getImages());
        Optional<WilsonInterval> clean = interval(unseen.getClean(), unseen.getCleanImages());
        return PrequentialWindow.newBuilder().setFromBatch(from).setToBatch(end - 1).setBatches(counts.batches())
                .setIncarnation(counts.newest().incarnation()).setStep(counts.newest().step())
                .setAttack(run.attack().name() + "-" + run.attack().steps()).setNorm(run.attack().norm())
                .setEpsilon(counts.largestEpsilon()).setUnseen(unseen).setSeen(seen)
                .setShareSeen((double) seen.getImages() / Math.max(1, seen.getImages() + unseen.getImages()))
                .setRobustAccuracy(robust.isEmpty() ? null : (Double) ((double) unseen.getRobust() / unseen.getImages()))
                .setRobustLower(robust.map(WilsonInterval::lower).orElse(null))
                .setRobustUpper(robust.map(WilsonInterval::upper).orElse(null))
                .setCleanAccuracy(clean.isEmpty() ? null : (Double) ((double) unseen.getClean() / unseen.getCleanImages()))
                .setCleanLower(clean.map(WilsonInterval::lower).orElse(null))
                .setCleanUpper(clean.map(WilsonInterval::upper).orElse(null))
                .setChannels(counts.channels()).setCreatedAt(counts.createdAt());
    }

    private static Optional<WilsonInterval> interval(long right, long images) {
        return images == 0 ? Optional.empty() : Optional.of(WilsonInterval.of(right, images));
    }
}
