package io.sparring.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunTopicTest {

    @Test
    void namesCarryTheRun() {
        assertThat(RunTopic.CLEAN_BATCHES.of("fashion")).isEqualTo("fashion.clean-batches");
        assertThat(RunTopic.all("fashion")).hasSize(RunTopic.values().length).doesNotHaveDuplicates()
                .allMatch(name -> name.startsWith("fashion."));
    }

    @Test
    void onlyBatchTopicsHaveTheRunsPartitions() {
        assertThat(RunTopic.ADVERSARIAL_BATCHES.partitions(6)).isEqualTo(6);
        assertThat(RunTopic.LEADER.partitions(6)).isEqualTo(1);
    }

    @Test
    void batchGoesToItsNumberModuloPartitions() {
        assertThat(RunTopic.partitionOf(10, 4)).isEqualTo(2);
        assertThat(RunTopic.partitionOf(8_589_934_591L, 4)).isEqualTo(3);
    }

    @Test
    void updatesAreOrderedByIncarnationThenStep() {
        assertThat(new UpdateIdentity(1, 5)).isGreaterThan(new UpdateIdentity(0, 90)).isLessThan(new UpdateIdentity(1, 6));
        assertThat(new UpdateIdentity(1, 5).key()).isEqualTo("1/5");
    }
}
