package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.Champion;
import io.sparring.schemas.ProgramChunk;
import io.sparring.schemas.PublishedRun;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunControl;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunState;
import io.sparring.schemas.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RunRecordsTest {

    private static final RunSpecification RUN = RunKeys.run(Map.of("run", "fashion"));
    private static final byte[] PROGRAM = {1, 2, 3};
    private static final String SHA = Sha256.of(PROGRAM);

    private final List<String> aside = new ArrayList<>();
    private final RunRecords records = new RunRecords("fashion", (record, bytes, reason) -> aside.add(reason));

    @Test
    void whatARunIsNeverChanges() {
        publish();
        RunRequests before = records.requests();
        add("fashion/spec", run(1, RunKeys.run(Map.of("run", "fashion", "seed", "9")), 0));
        add("fashion/program/" + SHA + "/0", new ProgramChunk(SHA, 0, 1, ByteBuffer.wrap(new byte[] {9})));
        assertThat(aside).containsExactly("version: 1 is published already with other content, and never changes",
                "chunk 0 is published already with other bytes, and never changes");
        publish();
        assertThat(aside).as("copies say the same").hasSize(2);
        assertThat(records.requests()).isEqualTo(before);
        assertThat(records.published().orElseThrow().program()).isEqualTo(PROGRAM);
    }

    @Test
    void aLaterVersionChangesOnlyWhatMayBe() {
        publish();
        add("fashion/spec/2", run(2, RunKeys.run(Map.of("run", "fashion", "attack.epsilon", "0.2")), 5));
        add("fashion/spec/2", run(2, RunKeys.run(Map.of("run", "fashion", "objective.lambda", "0.5")), 7));
        assertThat(aside).containsExactly("version 2 changes attack.epsilon, which no version may");
        assertThat(records.requests().versions().newest().fromBatch()).isEqualTo(7);
    }

    @Test
    void whatSaysNothingOfTheRunIsSetAside() {
        publish();
        records.add(new ConsumerRecord<>("fashion.runs", 0, 0, "fashion/spec", null));
        records.add(new ConsumerRecord<>("fashion.runs", 0, 0, null, Received.unreadable(new byte[2], "damaged")));
        List<Object> contents = List.of(run(1, RUN, 0), new PublishedRun("fashion", 3, "{\"seed\": ", SHA, 0L),
                new PublishedRun("fashion", 3, "", SHA, 0L), new PublishedRun("fashion", 3, "[1]", SHA, 0L),
                new PublishedRun("fashion", 3, "{\"seed\": \"x\"}", SHA, 0L), run(3, RunKeys.run(Map.of("run", "other")), 0),
                run(3, RUN, -1), new ProgramChunk("f".repeat(64), 0, 1, ByteBuffer.wrap(PROGRAM)),
                new ProgramChunk(SHA, 0, Integer.MAX_VALUE, ByteBuffer.wrap(PROGRAM)),
                new RunControl(RunState.STOPPED, Instant.EPOCH),
                new Rollback(1, 0, 4L, Instant.EPOCH), new Rollback(-3, 0, 4L, Instant.EPOCH),
                new Champion(0, -1L, "", "", Map.of(), Instant.EPOCH));
        List<String> keys = List.of("fashion/spec/1", "fashion/spec/3", "fashion/spec/3", "fashion/spec/3", "fashion/spec/3",
                "fashion/spec/3", "fashion/spec/3", "fashion/program/" + "f".repeat(64) + "/0", "fashion/program/" + SHA + "/0",
                "other/control", "fashion/control", "fashion/rollback", "fashion/champion");
        for (int i = 0; i < contents.size(); i++) {
            add(keys.get(i), contents.get(i));
        }
        assertThat(aside).hasSize(2 + contents.size()).doesNotContainNull().doesNotContain("null");
        assertThat(records.requests()).isEqualTo(new RunRequests(RunState.RUNNING, Optional.empty(),
                SpecificationVersions.of(RUN)));
    }

    private void publish() {
        add("fashion/program/" + SHA + "/0", new ProgramChunk(SHA, 0, 1, ByteBuffer.wrap(PROGRAM)));
        add("fashion/spec", run(1, RUN, 0));
    }

    private static PublishedRun run(int version, RunSpecification specification, long fromBatch) {
        return new PublishedRun("fashion", version, RunFile.toJson(specification), SHA, fromBatch);
    }

    private void add(String key, Object content) {
        records.add(new ConsumerRecord<>("fashion.runs", 0, 0, key, Received.readable(new RunRecord(content))));
    }
}
