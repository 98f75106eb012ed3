package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sparring.learning.EventFolder;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardCurvesTest {

    private static final String TOPIC = RunTopic.TRAINING_STEPS.of("made");

    @TempDir
    Path folder;

    @Test
    void goOnWhereTheSameRunHasNone() throws IOException {
        write("one", 3, 4);
        int points = EventFolder.read(folder.resolve("made-0")).size();
        write("one", 4, 5);
        assertThat(EventFolder.read(folder.resolve("made-0"))).hasSize(points * 3 / 2);
    }

    @Test
    void areNotMixedWithThoseOfAnEarlierRunOfTheName() throws IOException {
        write("one", 3);
        int points = EventFolder.read(folder.resolve("made-0")).size();

        assertThatIllegalArgumentException().isThrownBy(() -> write("another", 3, 4))
                .withMessageStartingWith("--out: '" + folder.resolve("made-0") + "' is not allowed; allowed: a folder without the curves");
        assertThat(EventFolder.read(folder.resolve("made-0"))).hasSize(points);
    }

    private void write(String identity, long... batches) throws IOException {
        try (TensorBoardCurves curves = new TensorBoardCurves(folder, "made", identity, Clock.systemUTC())) {
            for (long batch : batches) {
                RecordHeaders headers = new RecordHeaders();
                byte[] value = WireFormat.of(TrainingStep.class).serializer().serialize(TOPIC, headers,
                        MadeRecords.trained(batch, 0, batch));
                ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(TOPIC, 0, batch, null, value);
                headers.forEach(record.headers()::add);
                curves.add(record);
            }
        }
    }
}
