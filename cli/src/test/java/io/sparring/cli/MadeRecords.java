package io.sparring.cli;

import io.sparring.schemas.Outcome;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.time.Instant;
import java.util.List;

/** Records as a run's topics have them, with what matters to those who watch a run. */
final class MadeRecords {

    private MadeRecords() {
    }

    static TrainingStep trained(long batchNumber, int incarnation, long step) {
        return new TrainingStep(batchNumber, incarnation, step, Outcome.TRAINED, 0, null, 0L, incarnation, step - 3, 2L, 32,
                0.1f, 0.05f, 1.25f, 1f, 0.25f, 0f, null, Instant.EPOCH, 1, null, null);
    }

    static Robustness complete(int incarnation, long step, String attack, double accuracy) {
        return new Robustness(incarnation, step, attack, "held-out", ReportStatus.COMPLETE, List.of(0L), 1, 100L,
                Math.round(100 * accuracy), accuracy, accuracy - 0.1, accuracy + 0.1, 0.1f, Instant.EPOCH, "linf");
    }

    static Robustness incomplete(int incarnation, long step, String attack) {
        return new Robustness(incarnation, step, attack, "held-out", ReportStatus.INCOMPLETE, List.of(0L), 2, 50L, 40L, null,
                null, null, 0.1f, Instant.EPOCH, "linf");
    }

    static ServiceStatus status(String service, String instance, double imagesPerSecond, long reportedAtMillis) {
        return new ServiceStatus(service, instance, ServiceState.RUNNING, "127.0.0.1:1", 1L, imagesPerSecond, null, null, null,
                Instant.ofEpochMilli(reportedAtMillis));
    }
}
