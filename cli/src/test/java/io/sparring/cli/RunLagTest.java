package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.cli.RunLag.OfPartition;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunLagTest {

    @Test
    void anEmptyPartitionHasNone() {
        assertThat(of(1, null, null, 0, Set.of())).extracting(OfPartition::attackers, OfPartition::trainer).containsExactly(0L, 0L);
    }

    @Test
    void countsTheNumbersOfThePartitionAlone() {
        // 1, 4, 7, 10 are there, 1 and 4 crafted, and all below 2 have their outcome
        assertThat(of(1, 10L, 4L, 2, Set.of())).extracting(OfPartition::attackers, OfPartition::trainer).containsExactly(2L, 1L);
        assertThat(of(1, 10L, null, 0, Set.of())).extracting(OfPartition::attackers, OfPartition::trainer).containsExactly(4L, 0L);
        assertThat(of(1, 10L, 10L, 0, Set.of())).extracting(OfPartition::attackers, OfPartition::trainer).containsExactly(0L, 4L);
    }

    @Test
    void whatHasItsOutcomeOutOfOrderWaitsNoMore() {
        assertThat(of(1, 10L, 10L, 2, Set.of(3L, 7L, 8L)).trainer()).isEqualTo(2);
    }

    @Test
    void whatTheTrainerCraftedItselfIsNoLagOfAttackers() {
        assertThat(of(1, 4L, 7L, 0, Set.of()).attackers()).isZero();
    }

    private static OfPartition of(int partition, Long clean, Long adversarial, long nextBatch, Set<Long> outcomes) {
        return OfPartition.of(partition, 3, clean, adversarial, null, 0, nextBatch, outcomes);
    }
}
