package io.sparring.cli;

import io.sparring.schemas.Outcome;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.List;

/** Records as a run's topics have them, with what matters to those who watch a run. */
final class MadeRecords {

    static {
        // Avro copies a record that has an enum once our package is trusted, which is the wire format's doing
        WireFormat.of(Robustness.class);
    }

    private MadeRecords() {
    }

    static TrainingStep trained(long batchNumber, int incarnation, long step) {
        return new TrainingStep(batchNumber, incarnation, step, Outcome.TRAINED, 0, null, 0L, incarnation, step - 3, 2L, 32,
                0.1f, 0.05f, 1.25f, 1f, 0.25f, 0f, null, Instant.EPOCH, 1, null, null);
    }

    static Robustness complete(int incarnation, long step, String attack, double accuracy) {
        return complete(incarnation, step, attack, "held-out", accuracy);
    }

    static Robustness complete(int incarnation, long step, String attack, String slice, double accuracy) {
        return report(incarnation, step, attack, slice).setStatus(ReportStatus.COMPLETE).setImages(100L)
                .setCorrect(Math.round(100 * accuracy)).setAccuracy(accuracy).setLower(accuracy - 0.1)
                .setUpper(accuracy + 0.1).build();
    }

    static Robustness incomplete(int incarnation, long step, String attack) {
        return report(incarnation, step, attack, "held-out").setStatus(ReportStatus.INCOMPLETE).setBatches(2).setImages(50L)
                .setCorrect(40L).build();
    }

    private static Robustness.Builder report(int incarnation, long step, String attack, String slice) {
        return Robustness.newBuilder().setIncarnation(incarnation).setStep(step).setAttack(attack).setSlice(slice)
                .setReported(List.of(0L)).setBatches(1).setEpsilon(0.1f).setUpdatedAt(Instant.EPOCH);
    }

    static ServiceStatus status(String service, String instance, double imagesPerSecond, long reportedAtMillis) {
        return new ServiceStatus(service, instance, ServiceState.RUNNING, "127.0.0.1:1", 1L, imagesPerSecond, null, null, null,
                Instant.ofEpochMilli(reportedAtMillis));
    }
}
