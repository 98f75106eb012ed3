package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.sparring.schemas.WriterSchemaHeader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command dead-letters, on letters as services write them. */
class DeadLettersIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    /** Avro's mark of a record, the fingerprint of a schema that this release does not know, and the record. */
    private static final byte[] OTHER_RELEASE = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 2};
    private static final byte[] SCHEMA = "\"int\"".getBytes(StandardCharsets.UTF_8);

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "letters-" + UUID.randomUUID(),
            "partitions", "2"));
    private final String cleanBatches = RunTopic.CLEAN_BATCHES.of(run.run());
    private final byte[] batch = batch();
    private KafkaSettings kafka;
    private Path file;

    @BeforeEach
    void setAside(@TempDir Path folder) throws Exception {
        kafka = KafkaSettings.of(BROKER.bootstrapServers());
        file = folder.resolve("run.yaml");
        Files.writeString(file, RunFile.toYaml(run));
        try (Admin admin = kafka.admin(); Producer<byte[], byte[]> producer = kafka.producer(new ByteArraySerializer())) {
            new RunTopics(admin).create(run, (short) 1);
            // 0: damaged; 1: the same again, by another reader; 2: a duplicate; 3: with its outcome; 4: by nobody of ours
            letter(producer, cleanBatches, 1, 17, number(5), new byte[] {9, 8, 7}, "not a readable record: no marker");
            letter(producer, cleanBatches, 1, 17, number(5), new byte[] {9, 8, 7}, "not a readable record: no marker");
            letter(producer, cleanBatches, 1, 18, number(3), null, "a duplicate: another copy of batch 3 came before");
            letter(producer, cleanBatches, 1, 19, number(7), batch, "sha256: wrong");
            producer.send(new ProducerRecord<>(RunTopic.DEAD_LETTERS.of(run.run()), 0, new byte[] {1}, new byte[] {2})).get();
            // 5: written by another release, whose schema came with it
            ConsumerRecord<byte[], byte[]> other = new ConsumerRecord<>(RunTopic.HELD_OUT_BATCHES.of(run.run()), 0, 4, number(0),
                    OTHER_RELEASE);
            other.headers().add(WriterSchemaHeader.NAME, SCHEMA);
            producer.send(DeadLetters.letter(RunTopic.DEAD_LETTERS.of(run.run()), other, other.key(), other.value(),
                    "sha256: other")).get();
            producer.send(new ProducerRecord<>(RunTopic.TRAINING_STEPS.of(run.run()), 0, number(7), step())).get();
        }
    }

    @Test
    void listsEachOriginOnceAndCountsTheReasons() throws Exception {
        List<String> lines = execute(0, "list");
        assertThat(lines).hasSize(10);
        assertThat(lines.get(0)).startsWith("0  ").endsWith(cleanBatches
                + "-1@17  key 5  3 bytes  not a readable record: no marker");
        assertThat(lines.get(1)).startsWith("2  ").contains("-1@18  key 3  no value  a duplicate");
        assertThat(lines.subList(5, 10)).containsExactly("5 letters", "       1  a duplicate", "       1  no letter of a service",
                "       1  not a readable record", "       2  sha256");
        assertThat(execute(0, "list", "--topic", "held-out-batches", "--limit", "0")).containsExactly("1 letter",
                "       1  sha256");
        JsonNode json = new ObjectMapper().readTree(String.join("\n", execute(0, "list", "--json")));
        assertThat(json.get("count").intValue()).isEqualTo(5);
        assertThat(json.get("letters").get(0).get("offset").intValue()).isEqualTo(17);
        assertThat(json.get("reasons").get("sha256").intValue()).isEqualTo(2);
    }

    @Test
    void describesWhatCanBeReadAndWhatCannot() {
        assertThat(execute(0, "describe", "3")).contains("topic: " + cleanBatches, "offset: 19", "reason: sha256: wrong",
                "ImageBatch", "  batchNumber: 7", "  pixels: 4 bytes", "  labels: [1]");
        assertThat(execute(0, "describe", "0")).contains("  000000  09 08 07")
                .anyMatch(line -> line.endsWith("the first 0 bytes can be read"));
        assertThat(execute(0, "describe", "2")).contains("the record had no value");
        assertThat(execute(1, "describe", "99")).singleElement().asString()
                .contains("allowed: those that `sparring dead-letters list`");
    }

    @Test
    void sendsAgainWhatCanBeAndSaysWhatCannot() {
        assertThat(execute(0, "redrive", "--dry-run", "0")).containsExactly("0 " + cleanBatches + "-1@17: would be sent");
        assertThat(new RawLog(kafka, run.run()).read(RunTopic.CLEAN_BATCHES)).isEmpty();
        assertThat(execute(1, "redrive", "0", "2", "3", "4")).containsExactly("0 " + cleanBatches + "-1@17: sent",
                "2 " + cleanBatches + "-1@18: not sent: it has no value",
                "3 " + cleanBatches + "-1@19: not sent: batch 7 has its outcome already",
                "4 ?: not sent: it is from no topic of run " + run.run());
        ConsumerRecord<byte[], byte[]> sent = new RawLog(kafka, run.run()).read(RunTopic.CLEAN_BATCHES).get(0);
        assertThat(sent.partition()).isEqualTo(1);
        assertThat(sent.key()).isEqualTo(number(5));
        assertThat(sent.value()).containsExactly(9, 8, 7);
        assertThat(DeadLetters.text(sent.headers(), DeadLetters.REDRIVEN)).contains(cleanBatches + "-1@17");
        assertThat(execute(0, "redrive", "--all", "--topic", "held-out-batches")).hasSize(1);
        assertThat(new RawLog(kafka, run.run()).read(RunTopic.HELD_OUT_BATCHES)).singleElement()
                .satisfies(record -> {
                    assertThat(record.value()).isEqualTo(OTHER_RELEASE);
                    assertThat(record.headers().lastHeader(WriterSchemaHeader.NAME).value()).isEqualTo(SCHEMA);
                });
        assertThat(execute(1, "redrive")).singleElement().asString().contains("either --all or the ids of letters");
    }

    private List<String> execute(int exitCode, String command, String... arguments) {
        List<String> words = new ArrayList<>(List.of("dead-letters", command, "--run", file.toString(), "--bootstrap-servers",
                BROKER.bootstrapServers()));
        words.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        CommandLine line = Sparring.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        assertThat(line.execute(words.toArray(String[]::new))).as(out::toString).isEqualTo(exitCode);
        return out.toString().lines().toList();
    }

    private void letter(Producer<byte[], byte[]> producer, String topic, int partition, long offset, byte[] key, byte[] value,
            String reason) throws Exception {
        producer.send(DeadLetters.letter(RunTopic.DEAD_LETTERS.of(run.run()), new ConsumerRecord<>(topic, partition, offset, key,
                value), key, value, reason)).get();
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] batch() {
        ByteBuffer pixels = ByteBuffer.wrap(new byte[4]);
        return WireFormat.of(ImageBatch.class).encode(new ImageBatch(7L, Split.TRAINING, 0L, 2, 2, 1, 2, List.of(1), pixels,
                Sha256.of(pixels, List.of(1)), Instant.EPOCH, null, null));
    }

    private static byte[] step() {
        return WireFormat.of(TrainingStep.class).encode(MadeRecords.trained(7, 0, 8));
    }
}
