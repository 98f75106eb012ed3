package io.sparring.cli;

import io.sparring.schemas.Attack;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.Received;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The points of curves that records of a run's topics make: training by step, attacks by batch number, accuracy by the step of
 * the update. Where a run goes back, the steps do too, so each point has its incarnation. Used by one thread.
 */
public final class RunCurves {

    private static final Logger LOG = LoggerFactory.getLogger(RunCurves.class);

    /** One value of one curve. */
    public record Point(int incarnation, String tag, long step, float value, Instant at) {
    }

    private final Map<String, Deserializer<? extends Received<? extends SpecificRecord>>> formats;

    public RunCurves(String run) {
        this.formats = Map.of(RunTopic.TRAINING_STEPS.of(run), WireFormat.of(TrainingStep.class).receiver(),
                RunTopic.ATTACKS.of(run), WireFormat.of(Attack.class).receiver(),
                RunTopic.ROBUSTNESS.of(run), WireFormat.of(Robustness.class).receiver());
    }

    /** The topics whose records make points; each has one partition. */
    public static List<String> topics(String run) {
        return List.of(RunTopic.TRAINING_STEPS.of(run), RunTopic.ATTACKS.of(run), RunTopic.ROBUSTNESS.of(run));
    }

    /** What the record is, or null if it is empty or cannot be read, which is logged. */
    public SpecificRecord read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        Received<? extends SpecificRecord> received = formats.get(record.topic())
                .deserialize(record.topic(), record.headers(), record.value());
        if (!received.isReadable()) {
            LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), received.failure());
            return null;
        }
        return received.value();
    }

    /** The points of what was {@link #read}; none of what is null. */
    public static List<Point> points(SpecificRecord record) {
        if (record instanceof TrainingStep step) {
            return points(step);
        } else if (record instanceof Attack attack) {
            return points(attack);
        } else if (record instanceof Robustness report) {
            return points(report);
        }
        return List.of();
    }

    private static List<Point> points(TrainingStep step) {
        if (step.getOutcome() != Outcome.TRAINED && step.getOutcome() != Outcome.REFRESHED) {
            return List.of();
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
        return curve.points;
    }

    private static List<Point> points(Attack attack) {
        Curve curve = new Curve(attack.getIncarnation(), attack.getBatchNumber(), attack.getCreatedAt());
        curve.point("attack/success", attack.getSuccess());
        curve.point("attack/loss_before", attack.getLossBefore());
        curve.point("attack/loss_after", attack.getLossAfter());
        curve.point("attack/crafting_seconds", attack.getCraftingSeconds());
        return curve.points;
    }

    private static List<Point> points(Robustness report) {
        Curve curve = new Curve(report.getIncarnation(), report.getStep(), report.getUpdatedAt());
        if (report.getStatus() == ReportStatus.COMPLETE && report.getAccuracy() != null) {
            curve.point("accuracy_" + report.getSlice() + "/" + report.getAttack(), report.getAccuracy().floatValue());
        }
        return curve.points;
    }

    /** Where points of several curves belong. */
    private static final class Curve {

        private final int incarnation;
        private final long step;
        private final Instant at;
        private final List<Point> points = new ArrayList<>();

        private Curve(int incarnation, long step, Instant at) {
            this.incarnation = incarnation;
            this.step = step;
            this.at = at;
        }

        private void point(String tag, float value) {
            points.add(new Point(incarnation, tag, step, value, at));
        }
    }
}
