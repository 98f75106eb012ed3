package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.Chunks;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.WireFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RunRegistryTest {

    private final RunSpecification run = RunKeys.run(Map.of("run", "fashion", "seed", "7", "attack.epsilon", "0.03"));
    private final LogConsumer<String, Received<RunRecord>> log = new LogConsumer<>("fashion.runs");

    @Test
    void recordsGoToTheRunsTopicUnderKeysThatCompactionKeepsApart() {
        byte[] program = program(1);
        String sha256 = Sha256.of(program);
        List<ProducerRecord<String, byte[]>> records = RunRegistry.records(run, program);
        assertThat(records).extracting(ProducerRecord::key).containsExactly("fashion/program/" + sha256 + "/0",
                "fashion/program/" + sha256 + "/1", "fashion/program/" + sha256 + "/2", "fashion/spec");
        assertThat(records).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo("fashion.runs");
            assertThat(record.partition()).isZero();
        });
    }

    @Test
    void whatIsPublishedIsRead() {
        for (int length : new int[] {0, 1, Chunks.LARGEST, Chunks.LARGEST + 1, 2 * Chunks.LARGEST + 17}) {
            byte[] program = new byte[length];
            new Random(length).nextBytes(program);
            LogConsumer<String, Received<RunRecord>> fresh = new LogConsumer<>("fashion.runs");
            RunRegistry.records(run, program).forEach(record -> append(fresh, record));
            PublishedProgram published = RunRegistry.read(fresh, "fashion").orElseThrow();
            assertThat(published.specification()).isEqualTo(run);
            assertThat(published.programSha256()).isEqualTo(Sha256.of(program));
            assertThat(published.program()).as("length %d", length).isEqualTo(program);
        }
    }

    @Test
    void anUnpublishedRunIsNothing() {
        assertThat(RunRegistry.read(log, "fashion")).isEmpty();
    }

    @Test
    void theFirstSpecificationCountsWithItsOwnProgram() {
        RunSpecification later = RunKeys.run(Map.of("run", "fashion", "seed", "8"));
        append(RunRegistry.records(run, program(1)));
        append(RunRegistry.records(later, program(2)));
        PublishedProgram published = RunRegistry.read(log, "fashion").orElseThrow();
        assertThat(published.specification()).isEqualTo(run);
        assertThat(published.program()).isEqualTo(program(1));
    }

    /** Compaction keeps the newest record of a key: those of a program may come in any order. */
    @Test
    void theOrderOfChunksDoesNotMatter() {
        List<ProducerRecord<String, byte[]>> records = RunRegistry.records(run, program(1));
        append(List.of(records.get(3), records.get(2), records.get(0), records.get(1)));
        assertThat(RunRegistry.read(log, "fashion").orElseThrow().program()).isEqualTo(program(1));
    }

    @Test
    void aMissingChunkIsNothing() {
        for (int missing = 0; missing < 3; missing++) {
            LogConsumer<String, Received<RunRecord>> torn = new LogConsumer<>("fashion.runs");
            List<ProducerRecord<String, byte[]>> records = RunRegistry.records(run, program(1));
            for (int i = 0; i < records.size(); i++) {
                if (i != missing) {
                    append(torn, records.get(i));
                }
            }
            assertThat(RunRegistry.read(torn, "fashion")).as("without chunk %d", missing).isEmpty();
        }
    }

    @Test
    void aSpecificationWithoutItsProgramIsNothing() {
        append(RunRegistry.records(run, program(1)).subList(0, 3));
        assertThat(RunRegistry.read(log, "fashion")).as("no specification").isEmpty();
        append(RunRegistry.records(run, program(2)).subList(3, 4));
        assertThat(RunRegistry.read(log, "fashion")).as("another program").isEmpty();
    }

    @Test
    void whatIsNoRecordIsPassedOver() {
        log.append(0, "fashion/spec", null);
        log.append(0, "fashion/spec", Received.unreadable(new byte[3], "damaged"));
        append(RunRegistry.records(run, program(1)));
        log.append(0, "other", Received.unreadable(new byte[3], "damaged"));
        assertThat(RunRegistry.read(log, "fashion")).isPresent();
    }

    @Test
    void aTopicWhoseBeginningIsCompactedAwayIsReadFromWhatIsLeft() {
        append(RunRegistry.records(run, program(1)));
        append(RunRegistry.records(run, program(2)));
        log.trim(0, 4);
        assertThat(RunRegistry.read(log, "fashion").orElseThrow().program()).isEqualTo(program(2));
    }

    @Test
    void anotherSpecificationIsRefusedWithItsKeys() {
        RunSpecification other = RunKeys.run(Map.of("run", "fashion", "seed", "8", "attack.epsilon", "0.03", "data.lead", "70"));
        SpecificationVersions versions = SpecificationVersions.of(run);
        assertThatThrownBy(() -> versions.requireKnown(other)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("run fashion is already published with other values of data.lead, seed; "
                        + "use its values, or another run name");
        assertThatCode(() -> versions.requireKnown(RunFile.fromJson(RunFile.toJson(run)))).doesNotThrowAnyException();
    }

    @Test
    void whoIsStoppedWaitsForNoRun() throws InterruptedException {
        assertThat(RunRegistry.await(KafkaSettings.of("127.0.0.1:1"), run, () -> true)).isEmpty();
    }

    private static byte[] program(long seed) {
        byte[] program = new byte[2 * Chunks.LARGEST + 17];
        new Random(seed).nextBytes(program);
        return program;
    }

    private void append(List<ProducerRecord<String, byte[]>> records) {
        records.forEach(record -> append(log, record));
    }

    private static void append(LogConsumer<String, Received<RunRecord>> log, ProducerRecord<String, byte[]> record) {
        log.append(0, record.key(), WireFormat.of(RunRecord.class).receiver().deserialize(record.topic(), record.value()));
    }
}
