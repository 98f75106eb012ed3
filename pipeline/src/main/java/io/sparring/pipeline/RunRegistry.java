package io.sparring.pipeline;

import io.sparring.schemas.ChunkAssembler;
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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The topic {@code runs}: what a run is, published once by its trainer, read by everybody else. */
public final class RunRegistry {

    private static final WireFormat<RunRecord> FORMAT = WireFormat.of(RunRecord.class);

    private RunRegistry() {
    }

    /** The records that publish a run and its program; they belong into one transaction. */
    public static List<ProducerRecord<String, byte[]>> records(RunSpecification run, byte[] program) {
        String topic = RunTopic.RUNS.of(run.run());
        Chunks chunks = Chunks.of(program);
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            records.add(new ProducerRecord<>(topic, 0, run.run() + "/program/" + chunks.sha256() + "/" + i,
                    FORMAT.encode(new RunRecord(
                            new ProgramChunk(chunks.sha256(), i, chunks.pieces().size(), chunks.pieces().get(i))))));
        }
        records.add(new ProducerRecord<>(topic, 0, run.run() + "/spec", FORMAT.encode(new RunRecord(
                new PublishedRun(run.run(), 1, RunFile.toJson(run), chunks.sha256(), 0L)))));
        return records;
    }

    /** What is published of the run, or nothing. */
    public static Optional<PublishedProgram> read(KafkaSettings kafka, String run) {
        try (Consumer<String, Received<RunRecord>> consumer = kafka.reader(new StringDeserializer(), FORMAT.receiver())) {
            return read(consumer, run);
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
            Optional<PublishedProgram> published = read(kafka, expected.run());
            if (published.isPresent()) {
                requireSame(published.get().specification(), expected);
                return published;
            }
            Thread.sleep(Duration.ofMillis(250).toMillis());
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException if the two differ, naming the keys in which they do */
    public static void requireSame(RunSpecification published, RunSpecification expected) {
        List<String> differences = RunFile.differences(published, expected);
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException("run " + expected.run() + " is already published with other values of "
                    + String.join(", ", differences) + "; use its values, or another run name");
        }
    }

    static Optional<PublishedProgram> read(Consumer<String, Received<RunRecord>> consumer, String run) {
        TopicPartition partition = new TopicPartition(RunTopic.RUNS.of(run), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        PublishedRun newest = null;
        Map<String, Map<Integer, ProgramChunk>> programs = new TreeMap<>();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, Received<RunRecord>> record : consumer.poll(Duration.ofMillis(50))) {
                Object content = record.value() == null || !record.value().isReadable() ? null : record.value().value().getContent();
                if (content instanceof PublishedRun published) {
                    newest = published;
                } else if (content instanceof ProgramChunk chunk) {
                    programs.computeIfAbsent(chunk.getSha256(), sha256 -> new TreeMap<>()).put(chunk.getChunk(), chunk);
                }
            }
        }
        if (newest == null) {
            return Optional.empty();
        }
        PublishedRun published = newest;
        return join(programs.getOrDefault(published.getProgramSha256(), Map.of())).map(program -> new PublishedProgram(
                RunFile.fromJson(published.getSpecification()), published.getProgramSha256(), program));
    }

    private static Optional<byte[]> join(Map<Integer, ProgramChunk> chunks) {
        ChunkAssembler assembler = new ChunkAssembler();
        Optional<byte[]> program = Optional.empty();
        for (ProgramChunk chunk : chunks.values()) {
            program = assembler.add(chunk.getSha256(), chunk.getChunk(), chunk.getChunks(), chunk.getSha256(), chunk.getBytes());
        }
        return program;
    }
}
