package io.sparring.cli;

import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import io.sparring.schemas.WriterSchemaHeader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the records of dead letters to their topics again, for when what was wrong is mended. */
final class Redrive implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String run;
    private final Set<Long> outcomes;
    private final Producer<byte[], byte[]> producer;

    private Redrive(String run, Set<Long> outcomes, Producer<byte[], byte[]> producer) {
        this.run = run;
        this.outcomes = outcomes;
        this.producer = producer;
    }

    /** One that knows which batches have their outcome by now. */
    static Redrive of(KafkaSettings kafka, String run) {
        Set<Long> outcomes = new HashSet<>();
        try (Consumer<Long, Received<TrainingStep>> steps =
                kafka.reader(new BatchNumberDeserializer(), WireFormat.of(TrainingStep.class).receiver())) {
            TopicPartition partition = new TopicPartition(RunTopic.TRAINING_STEPS.of(run), 0);
            steps.assign(List.of(partition));
            steps.seekToBeginning(List.of(partition));
            long end = steps.endOffsets(List.of(partition)).get(partition);
            while (steps.position(partition) < end) {
                for (ConsumerRecord<Long, Received<TrainingStep>> step : steps.poll(POLL)) {
                    if (step.key() != null && step.value() != null && step.value().isReadable()) {
                        outcomes.add(step.key());
                    }
                }
            }
        }
        return new Redrive(run, outcomes, kafka.producer(new ByteArraySerializer()));
    }

    /** Why the letter's record cannot be sent again, or nothing. */
    Optional<String> problem(DeadLetter letter) {
        if (letter.origin().isEmpty() || !RunTopic.all(run).contains(letter.topic())
                || letter.topic().equals(RunTopic.DEAD_LETTERS.of(run))) {
            return Optional.of("it is from no topic of run " + run);
        }
        if (letter.value() == null) {
            return Optional.of("it has no value" + (letter.size() < 0 ? "" : ": the record still stands in its topic"));
        }
        boolean batch = letter.topic().equals(RunTopic.CLEAN_BATCHES.of(run))
                || letter.topic().equals(RunTopic.ADVERSARIAL_BATCHES.of(run));
        return letter.number().filter(number -> batch && outcomes.contains(number))
                .map(number -> "batch " + number + " has its outcome already");
    }

    /** Sends it, and waits until the cluster has it. */
    void send(DeadLetter letter) {
        DeadLetter.Origin origin = letter.origin().orElseThrow();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(origin.partition().topic(), origin.partition().partition(),
                letter.key(), letter.value());
        record.headers().add(DeadLetters.REDRIVEN, origin.toString().getBytes(StandardCharsets.UTF_8));
        if (letter.schema() != null) {
            // what another release has written is read by the schema that came with it
            record.headers().add(WriterSchemaHeader.NAME, letter.schema());
        }
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot send the record of dead letter " + letter.id() + ": "
                    + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
