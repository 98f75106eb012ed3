package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultPointTest {

    private final List<Object> happened = new ArrayList<>();

    @AfterEach
    void disarm() {
        FaultPoint.arm(Map.of());
    }

    @Test
    void endsTheProcessAtTheVisitAskedForAndNoOther() {
        arm("trainer-transaction:3");

        FaultPoint.TRAINER_TRANSACTION.reached();
        FaultPoint.TRAINER_COMMITTED.reached();
        FaultPoint.TRAINER_TRANSACTION.reached();
        assertThat(happened).isEmpty();

        FaultPoint.TRAINER_TRANSACTION.reached();
        FaultPoint.TRAINER_TRANSACTION.reached();
        assertThat(happened).containsExactly(137);
    }

    @Test
    void endsItAtTheFirstVisitUnlessANumberIsGiven() {
        arm("producer-transaction");

        FaultPoint.PRODUCER_TRANSACTION.reached();

        assertThat(happened).containsExactly(137);
    }

    @Test
    void doesWhatIsToBeDoneLastOnlyBeforeTheEnd() {
        arm("attacker-transaction:2");

        FaultPoint.ATTACKER_TRANSACTION.reachedAfter(() -> happened.add("flushed"));
        assertThat(happened).isEmpty();

        FaultPoint.ATTACKER_TRANSACTION.reachedAfter(() -> happened.add("flushed"));
        assertThat(happened).containsExactly("flushed", 137);
    }

    @Test
    void doesNothingWhereNothingIsAskedFor() {
        FaultPoint.arm(Map.of("SPARRING_FAULT", ""), happened::add);

        for (FaultPoint point : FaultPoint.values()) {
            point.reachedAfter(() -> happened.add(point));
        }

        assertThat(happened).isEmpty();
    }

    @Test
    void refusesWhatIsNotAPointAndNamesThem() {
        for (String wrong : List.of("trainer", "trainer-step:0", "trainer-step:x", "trainer-step:", "TRAINER_STEP:1")) {
            assertThatThrownBy(() -> arm(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("SPARRING_FAULT: '" + wrong + "' is not allowed; allowed: producer-transaction, "
                            + "attacker-transaction, trainer-step, trainer-transaction, trainer-committed, trainer-again");
        }
    }

    private void arm(String value) {
        FaultPoint.arm(Map.of("SPARRING_FAULT", value), happened::add);
    }
}
