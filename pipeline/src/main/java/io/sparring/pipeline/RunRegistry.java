package io.sparring.pipeline;

import io.sparring.schemas.Chunks;
import io.sparring.schemas.ProgramChunk;
import io.sparring.schemas.PublishedRun;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic {@code runs}: what a run is, published by its trainer and changed by its operators, read by everybody. */
public final class RunRegistry {

    private static final WireFormat<RunRecord> FORMAT = WireFormat.of(RunRecord.class);

    private static final Logger LOG = LoggerFactory.getLogger(RunRegistry.class);

    private RunRegistry() {
    }

    /** The records that publish a run and its program; they belong into one transaction. */
    public static List<ProducerRecord<String, byte[]>> records(RunSpecification run, byte[] program) {
        Chunks chunks = Chunks.of(program);
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            records.add(record(run.run(), "program/" + chunks.sha256() + "/" + i,
                    new ProgramChunk(chunks.sha256(), i, chunks.pieces().size(), chunks.pieces().get(i))));
        }
        records.add(record(new SpecificationVersion(1, 0, run), chunks.sha256()));
        return records;
    }

    /** The record that publishes a version of a run's specification. Each has a key, so compaction leaves all of them. */
    static ProducerRecord<String, byte[]> record(SpecificationVersion version, String programSha256) {
        RunSpecification run = version.specification();
        return record(run.run(), version.version() == 1 ? "spec" : "spec/" + version.version(), new PublishedRun(run.run(),
                version.version(), RunFile.toJson(run), programSha256, version.fromBatch()));
    }

    /** The record that holds {@code content} under {@code <run>/<name>}. */
    static ProducerRecord<String, byte[]> record(String run, String name, Object content) {
        return new ProducerRecord<>(RunTopic.RUNS.of(run), 0, run + "/" + name, FORMAT.encode(new RunRecord(content)));
    }

    /** What is published of the run, or nothing. */
    public static Optional<PublishedProgram> read(KafkaSettings kafka, String run) {
        try (Consumer<String, Received<RunRecord>> consumer = kafka.reader(new StringDeserializer(), FORMAT.receiver())) {
            return read(consumer, run);
        }
    }

    /** What is asked of the run at this moment, with the versions of its specification, if it is published. */
    public static RunRequests requests(KafkaSettings kafka, String run) {
        try (Consumer<String, Received<RunRecord>> consumer = kafka.reader(new StringDeserializer(), FORMAT.receiver())) {
            return records(consumer, run).requests();
        }
    }

    /**
     * Waits until the run is published and checks that it is the one meant.
     *
     * @param expected what this service was started with
     * @param stopped ends the waiting, with nothing
     * @throws IllegalArgumentException if the published run has other values, naming their keys
     */
    public static Optional<PublishedProgram> await(KafkaSettings kafka, RunSpecification expected, BooleanSupplier stopped)
            throws InterruptedException {
        while (!stopped.getAsBoolean()) {
            Optional<PublishedProgram> published = readPatiently(kafka, expected.run());
            if (published.isPresent()) {
                published.get().versions().requireKnown(expected);
                return published;
            }
            Thread.sleep(Duration.ofMillis(250).toMillis());
        }
        return Optional.empty();
    }

    private static Optional<PublishedProgram> readPatiently(KafkaSettings kafka, String run) {
        try {
            return read(kafka, run);
        } catch (KafkaException e) {
            if (!Outage.passes(e)) {
                throw e;
            }
            LOG.info("cannot read {} yet: {}", RunTopic.RUNS.of(run), KafkaRefusedException.causes(e));
            return Optional.empty();
        }
    }

    static Optional<PublishedProgram> read(Consumer<String, Received<RunRecord>> consumer, String run) {
        return records(consumer, run).published();
    }

    private static RunRecords records(Consumer<String, Received<RunRecord>> consumer, String run) {
        TopicPartition partition = new TopicPartition(RunTopic.RUNS.of(run), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        RunRecords records = new RunRecords(run, SetAside.LOGGED);
        while (consumer.position(partition) < end) {
            consumer.poll(Duration.ofMillis(50)).forEach(records::add);
        }
        return records;
    }
}
