package io.sparring.cli;

import io.sparring.pipeline.Champions;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a link at the newest update that passes a gate, and the run's champion with it. */
final class ExportFollower {

    private static final Logger LOG = LoggerFactory.getLogger(ExportFollower.class);
    private static final Duration LOOK = Duration.ofMillis(200);
    /** Updates held until they are judged: the topic may have lost them by then. */
    private static final int HELD = 4;

    private final Exporter exporter;
    private final ModelLink link;
    private final Gate gate;
    private final KafkaSettings kafka;
    private final Consumer<ModelDescription> exported;
    private final AccuracyReports reports;
    private final NavigableMap<UpdateIdentity, Update> held = new TreeMap<>();
    private final Set<UpdateIdentity> lost = new HashSet<>();
    private UpdateIdentity champion;
    private ModelDescription placed;

    /** @param exported is told of each export once it is in place */
    ExportFollower(Exporter exporter, ModelLink link, Gate gate, KafkaSettings kafka, Consumer<ModelDescription> exported) {
        this.exporter = exporter;
        this.link = link;
        this.gate = gate;
        this.kafka = kafka;
        this.exported = exported;
        this.reports = new AccuracyReports(exporter.run());
    }

    /**
     * Follows until stopped, or the run has ended and nothing that the gate asks for is to come.
     *
     * @return what the link points to, or nothing if no update has passed that is as new as the champion
     */
    Optional<ModelDescription> follow(CountDownLatch stop) throws IOException {
        String run = exporter.run().run();
        champion = Champions.read(kafka, run).map(Champions::identity).orElse(null);
        try (UpdateFollower updates = UpdateFollower.start(kafka, run, RunProgram.exported(exporter.run()),
                ModelUpdate::getEvaluate);
                ReportReader reader = ReportReader.open(kafka, run, reports)) {
            gate.requireReported(reports.expected());
            boolean ended = false;
            while (stop.getCount() > 0 && !ended) {
                updates.newest().ifPresent(this::hold);
                placeNewest();
                ended = ended(updates.newest());
                reader.poll(ended ? Duration.ZERO : LOOK);
            }
        }
        return Optional.ofNullable(placed);
    }

    private void hold(Update update) {
        held.put(update.identity(), update);
        if (held.size() > HELD) {
            held.pollFirstEntry();
        }
    }

    private boolean ended(Optional<Update> newest) {
        return newest.isPresent() && exporter.run().endsBefore(newest.get().nextBatch())
                && reports.judgedToTheEnd(newest.get().identity(), gate);
    }

    private void placeNewest() throws IOException {
        for (UpdateIdentity identity : reports.passing(gate)) {
            if (isOlder(identity)) {
                return;
            }
            Optional<Update> update = lost.contains(identity) ? Optional.empty() : find(identity);
            if (update.isPresent()) {
                place(update.get());
                return;
            }
        }
    }

    /** What is not newer than what is placed, or older than the champion, replaces neither. */
    private boolean isOlder(UpdateIdentity identity) {
        return placed != null && identity.compareTo(new UpdateIdentity(placed.incarnation(), placed.step())) <= 0
                || champion != null && identity.compareTo(champion) < 0;
    }

    private Optional<Update> find(UpdateIdentity identity) {
        Optional<Update> update = Optional.ofNullable(held.get(identity))
                .or(() -> PublishedUpdates.of(kafka, exporter.run().run(), RunProgram.exported(exporter.run())).find(identity));
        if (update.isEmpty()) {
            LOG.warn("update {} passes, but its weights are not kept any more", identity);
            lost.add(identity);
        }
        return update;
    }

    private void place(Update update) throws IOException {
        Map<String, Double> accuracies = reports.of(update.identity());
        placed = exporter.place(link, update, gate, accuracies);
        if (exporter.offer(kafka, placed)) {
            champion = update.identity();
        }
        exported.accept(placed);
    }
}
