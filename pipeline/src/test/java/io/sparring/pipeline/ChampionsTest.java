package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.Champion;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class ChampionsTest {

    private final LogConsumer<String, Received<RunRecord>> log = new LogConsumer<>("fashion.runs");

    @Test
    void aRunHasNoneAtFirst() {
        RunRegistry.records(RunKeys.run(Map.of("run", "fashion")), new byte[10]).forEach(this::append);

        assertThat(Champions.read(log, "fashion")).isEmpty();
    }

    @Test
    void theNewestRecordCountsWhateverElseIsOnTheTopic() {
        append(Champions.record("fashion", champion(0, 40)));
        append(Champions.record("fashion", champion(0, 60)));
        RunRegistry.records(RunKeys.run(Map.of("run", "fashion")), new byte[10]).forEach(this::append);
        log.append(0, "fashion/champion", null);
        log.append(0, "fashion/champion", Received.unreadable(new byte[3], "damaged"));

        assertThat(Champions.read(log, "fashion")).contains(champion(0, 60));
        assertThat(Champions.identity(champion(1, 60))).isEqualTo(new UpdateIdentity(1, 60));
    }

    @Test
    void itsKeyIsItsOwnSoThatCompactionKeepsIt() {
        ProducerRecord<String, byte[]> record = Champions.record("fashion", champion(0, 40));

        assertThat(record.topic()).isEqualTo("fashion.runs");
        assertThat(record.partition()).isZero();
        assertThat(record.key()).isEqualTo("fashion/champion");
    }

    @Test
    void itDoesNotDisturbWhoReadsTheRun() {
        RunSpecification run = RunKeys.run(Map.of("run", "fashion"));
        RunRegistry.records(run, new byte[10]).forEach(this::append);
        append(Champions.record("fashion", champion(0, 40)));

        assertThat(RunRegistry.read(log, "fashion").orElseThrow().specification()).isEqualTo(run);
    }

    private static Champion champion(int incarnation, long step) {
        return new Champion(incarnation, step, "a".repeat(64), "pgd20 >= 0.5", Map.of("pgd-20", 0.6), Instant.EPOCH);
    }

    private void append(ProducerRecord<String, byte[]> record) {
        log.append(0, record.key(), WireFormat.of(RunRecord.class).receiver().deserialize(record.topic(), record.value()));
    }
}
