package io.sparring.cli;

import io.sparring.pipeline.Champions;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The newest updates and checkpoints on a run's topics.
 *
 * @param champion the update that an exporter has found good enough
 */
record KeptModels(String run, NavigableMap<UpdateIdentity, Model> models, Optional<AccuracyReports> reports,
        Optional<UpdateIdentity> champion) {

    /**
     * What is kept of one step.
     *
     * @param updateBytes weights that training moves, 0 where only a checkpoint is kept
     * @param checkpointBytes weights, optimizer and averages, 0 where only the update is kept
     * @param sha256 of the update's weights; empty without one
     */
    record Model(long nextBatch, long updateBytes, String sha256, long checkpointBytes, Instant createdAt) {

        private Model merge(Model other) {
            return new Model(nextBatch, updateBytes + other.updateBytes, sha256.isEmpty() ? other.sha256 : sha256,
                    checkpointBytes + other.checkpointBytes, createdAt);
        }
    }

    /** @param limit no more than so many, which spares reading what lies before them */
    static KeptModels of(KafkaSettings kafka, String run, int limit) {
        CommittedRecords records = new CommittedRecords(kafka, run);
        NavigableMap<UpdateIdentity, Model> models = new TreeMap<>();
        long updateChunks = RunOverview.newestUpdate(records).map(ModelUpdate::getChunks).orElse(1);
        // an update may have its averages too, and each transaction has its marker
        records.last(RunTopic.MODEL_UPDATES, limit * (2 * updateChunks + 1), new ByteArrayDeserializer(), ModelUpdate.class,
                record -> {
                    ModelUpdate chunk = record.value() == null ? null : record.value().value();
                    if (chunk != null && chunk.getPart() == WeightsPart.WEIGHTS && chunk.getIncarnation() >= 0
                            && chunk.getStep() >= 0) {
                        models.merge(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()), new Model(chunk.getNextBatch(),
                                chunk.getBytes().remaining(), chunk.getSha256(), 0, chunk.getCreatedAt()), Model::merge);
                    }
                });
        long checkpointChunks = records.newest(RunTopic.CHECKPOINTS, Checkpoint.class, chunk -> chunk.getChunks() > 0)
                .map(Checkpoint::getChunks).orElse(1);
        records.last(RunTopic.CHECKPOINTS, limit * (checkpointChunks + 1), new ByteArrayDeserializer(), Checkpoint.class,
                record -> {
                    Checkpoint chunk = record.value() == null ? null : record.value().value();
                    if (chunk != null && chunk.getIncarnation() >= 0 && chunk.getStep() >= 0) {
                        models.merge(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()),
                                new Model(chunk.getPosition().getNextBatch(), 0, "", chunk.getBytes().remaining(),
                                        chunk.getCreatedAt()), Model::merge);
                    }
                });
        while (models.size() > limit) {
            models.pollFirstEntry();
        }
        return new KeptModels(run, models, reports(kafka, run), Champions.read(kafka, run).map(Champions::identity));
    }

    private static Optional<AccuracyReports> reports(KafkaSettings kafka, String run) {
        SpecificationVersions versions = RunRegistry.requests(kafka, run).versions();
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        AccuracyReports reports = new AccuracyReports(versions.newest().specification());
        ReportReader.open(kafka, run, reports).close();
        return Optional.of(reports);
    }

    /** The attacks that the run reports, clean images first. */
    List<String> attacks() {
        return reports.map(each -> each.attacks().stream().sorted((one, other) -> one.equals(other) ? 0
                : one.equals("clean") ? -1 : other.equals("clean") ? 1 : one.compareTo(other)).toList()).orElse(List.of());
    }

    /** [0, 1] by attack, as far as the update's reports are complete. */
    Map<String, Double> accuracies(UpdateIdentity update) {
        return reports.map(each -> each.of(update)).orElse(Map.of());
    }

    boolean isChampion(UpdateIdentity update) {
        return champion.filter(update::equals).isPresent();
    }
}
