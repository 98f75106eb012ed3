package io.sparring.cli;

import io.sparring.pipeline.FaultPoint;
import java.util.List;
import java.util.Locale;

/** What a process that {@link Chaos} kills is there for, and the places at which it can be made to die. */
enum ChaosRole {
    BROKER(),
    PRODUCER(FaultPoint.PRODUCER_TRANSACTION),
    ATTACKER(FaultPoint.ATTACKER_TRANSACTION),
    TRAINER(FaultPoint.TRAINER_TRANSACTION, FaultPoint.TRAINER_STEP, FaultPoint.TRAINER_COMMITTED, FaultPoint.TRAINER_AGAIN),
    EVALUATOR();

    private final List<FaultPoint> faults;

    ChaosRole(FaultPoint... faults) {
        this.faults = List.of(faults);
    }

    List<FaultPoint> faults() {
        return faults;
    }

    /** As the command line calls it. */
    String service() {
        return name().toLowerCase(Locale.ROOT);
    }
}
