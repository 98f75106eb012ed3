package io.sparring.cli;

import io.sparring.learning.EventFolder;
import io.sparring.learning.EventFolder.Point;
import io.sparring.schemas.Attack;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The curves that records of a run's topics make: training by step, attacks by batch number, accuracy by the step of the update.
 * Where a run goes back, the steps do too, so each incarnation has a folder of its own. Used by one thread.
 */
final class TensorBoardCurves implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TensorBoardCurves.class);

    private final Path folder;
    private final String run;
    private final Clock clock;
    private final Map<Integer, EventFolder> incarnations = new TreeMap<>();
    private final Map<String, Deserializer<? extends Received<? extends SpecificRecord>>> formats;

    TensorBoardCurves(Path folder, String run, Clock clock) {
        this.folder = folder;
        this.run = run;
        this.clock = clock;
        this.formats = Map.of(RunTopic.TRAINING_STEPS.of(run), WireFormat.of(TrainingStep.class).receiver(),
                RunTopic.ATTACKS.of(run), WireFormat.of(Attack.class).receiver(),
                RunTopic.ROBUSTNESS.of(run), WireFormat.of(Robustness.class).receiver());
    }

    void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.value() == null) {
            return;
        }
        Received<? extends SpecificRecord> received = formats.get(record.topic())
                .deserialize(record.topic(), record.headers(), record.value());
        if (!received.isReadable()) {
            LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), received.failure());
        } else if (received.value() instanceof TrainingStep step) {
            add(step);
        } else if (received.value() instanceof Attack attack) {
            add(attack);
        } else if (received.value() instanceof Robustness report) {
            add(report);
        }
    }

    private void add(TrainingStep step) throws IOException {
        if (step.getOutcome() != Outcome.TRAINED && step.getOutcome() != Outcome.REFRESHED) {
            return;
        }
        Curve curve = new Curve(step.getIncarnation(), step.getStep(), step.getTrainedAt());
        curve.point("training/loss", step.getLoss());
        curve.point("training/cross_entropy", step.getCrossEntropy());
        curve.point("training/perception", step.getPerception());
        curve.point("training/divergence", step.getDivergence());
        curve.point("training/learning_rate", step.getLearningRate());
        curve.point("training/epsilon", step.getEpsilon());
        if (step.getStaleness() != null) {
            curve.point("training/staleness", step.getStaleness());
        }
    }

    private void add(Attack attack) throws IOException {
        Curve curve = new Curve(attack.getIncarnation(), attack.getBatchNumber(), attack.getCreatedAt());
        curve.point("attack/success", attack.getSuccess());
        curve.point("attack/loss_before", attack.getLossBefore());
        curve.point("attack/loss_after", attack.getLossAfter());
        curve.point("attack/crafting_seconds", attack.getCraftingSeconds());
    }

    private void add(Robustness report) throws IOException {
        if (report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null) {
            new Curve(report.getIncarnation(), report.getStep(), report.getUpdatedAt())
                    .point("accuracy_" + report.getSlice() + "/" + report.getAttack(), report.getAccuracy().floatValue());
        }
    }

    /** Where points of several curves belong. */
    private final class Curve {

        private final int incarnation;
        private final long step;
        private final Instant at;

        private Curve(int incarnation, long step, Instant at) {
            this.incarnation = incarnation;
            this.step = step;
            this.at = at;
        }

        private void point(String tag, float value) throws IOException {
            EventFolder events = incarnations.get(incarnation);
            if (events == null) {
                events = EventFolder.open(folder.resolve(run + "-" + incarnation), clock);
                incarnations.put(incarnation, events);
            }
            events.add(new Point(tag, step, value, at));
        }
    }

    @Override
    public void close() throws IOException {
        for (EventFolder events : incarnations.values()) {
            events.close();
        }
    }
}
