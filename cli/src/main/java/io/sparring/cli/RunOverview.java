package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.RunState;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What a run is and how far it has come, as its topics tell it at one moment.
 *
 * @param step the newest training step
 * @param update a chunk of the newest update
 * @param services the newest heartbeat of each process that the run has had
 * @param at the moment
 */
record RunOverview(String run, RunRequests requests, Optional<TrainingStep> step, Optional<ModelUpdate> update,
        List<ServiceStatus> services, Instant at) {

    /** How a run is. */
    enum Condition {
        /** No trainer has published it yet. */
        NEW,
        /** Its trainer is alive. */
        RUNNING,
        /** It has been asked to pause, and services are alive. */
        PAUSED,
        /** It has been asked to stop. */
        STOPPED,
        /** All of its batches have their outcome. */
        FINISHED,
        /** No trainer is alive. */
        IDLE
    }

    static RunOverview of(KafkaSettings kafka, String run, Instant at) {
        CommittedRecords records = new CommittedRecords(kafka, run);
        return new RunOverview(run, RunRegistry.requests(kafka, run),
                records.newest(RunTopic.TRAINING_STEPS, TrainingStep.class, step -> step.getBatchNumber() >= 0),
                newestUpdate(records), services(records), at);
    }

    /** The processes that are alive, which is all that is looked at: so it works for a run that is damaged. */
    static List<ServiceStatus> alive(KafkaSettings kafka, String run, Instant at) {
        try (Admin admin = kafka.admin()) {
            if (!new RunTopics(admin).names(run).contains(RunTopic.SERVICE_STATUS.of(run))) {
                return List.of();
            }
        }
        return services(new CommittedRecords(kafka, run)).stream().filter(status -> isAlive(status, at)).toList();
    }

    private static List<ServiceStatus> services(CommittedRecords records) {
        Map<String, ServiceStatus> services = new TreeMap<>();
        records.each(RunTopic.SERVICE_STATUS, new StringDeserializer(), ServiceStatus.class, record -> {
            if (record.value() != null && record.value().isReadable()) {
                ServiceStatus status = record.value().value();
                services.put(status.getService() + "/" + status.getInstance(), status);
            }
        });
        return List.copyOf(services.values());
    }

    /** A chunk of the newest update. */
    static Optional<ModelUpdate> newestUpdate(CommittedRecords records) {
        return records.newest(RunTopic.MODEL_UPDATES, ModelUpdate.class,
                chunk -> chunk.getIncarnation() >= 0 && chunk.getStep() >= 0 && chunk.getNextBatch() >= 0);
    }

    Optional<RunSpecification> specification() {
        return requests.versions().isEmpty() ? Optional.empty() : Optional.of(requests.versions().newest().specification());
    }

    /** Batches that have their outcome, but for those out of order. */
    long batches() {
        return update.map(ModelUpdate::getNextBatch).orElse(0L);
    }

    Condition condition() {
        if (specification().isEmpty()) {
            return Condition.NEW;
        }
        if (specification().get().endsBefore(batches())) {
            return Condition.FINISHED;
        }
        if (requests.state() != RunState.RUNNING) {
            return requests.state() == RunState.STOPPED ? Condition.STOPPED : Condition.PAUSED;
        }
        return alive().stream().anyMatch(status -> status.getService().equals("trainer")) ? Condition.RUNNING : Condition.IDLE;
    }

    /** The processes that have been heard of within the last seconds and have not said that they end. */
    List<ServiceStatus> alive() {
        return services.stream().filter(this::isAlive).toList();
    }

    boolean isAlive(ServiceStatus status) {
        return isAlive(status, at);
    }

    private static boolean isAlive(ServiceStatus status, Instant at) {
        return status.getState() != ServiceState.STOPPED
                && status.getReportedAt().toEpochMilli() > at.toEpochMilli() - RunProgress.SILENCE_MILLIS;
    }
}
