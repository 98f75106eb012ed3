package io.sparring.pipeline;

import io.sparring.schemas.Champion;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The champion of a run, on its topic {@code runs}: the newest update that an exporter found good enough. */
public final class Champions {

    private static final WireFormat<RunRecord> FORMAT = WireFormat.of(RunRecord.class);

    private Champions() {
    }

    /** The champion, or nothing if there is none yet. */
    public static Optional<Champion> read(KafkaSettings kafka, String run) {
        try (Consumer<String, Received<RunRecord>> consumer = kafka.reader(new StringDeserializer(), FORMAT.receiver())) {
            return read(consumer, run);
        }
    }

    /**
     * Makes an update the champion, unless a newer one is or it is already; two exporters that offer at the same moment are
     * not told apart.
     *
     * @return whether it has become the champion
     */
    public static boolean offer(KafkaSettings kafka, String run, Champion champion) {
        Optional<Champion> before = read(kafka, run);
        if (before.isPresent() && identity(before.get()).compareTo(identity(champion)) >= 0) {
            return false;
        }
        try (Producer<String, byte[]> producer = kafka.producer(new StringSerializer())) {
            producer.send(record(run, champion)).get();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish the champion: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The update that is the champion. */
    public static UpdateIdentity identity(Champion champion) {
        return new UpdateIdentity(champion.getIncarnation(), champion.getStep());
    }

    /** Why no exporter has written such a record, or nothing. */
    static Optional<String> problem(String run, String key, Champion champion) {
        return (run + "/champion").equals(key) && champion.getIncarnation() >= 0 && champion.getStep() >= 0 ? Optional.empty()
                : Optional.of("champion " + champion.getIncarnation() + "/" + champion.getStep() + " under key " + key
                        + "; allowed: no negative number, and the key " + run + "/champion");
    }

    static ProducerRecord<String, byte[]> record(String run, Champion champion) {
        return new ProducerRecord<>(RunTopic.RUNS.of(run), 0, run + "/champion", FORMAT.encode(new RunRecord(champion)));
    }

    static Optional<Champion> read(Consumer<String, Received<RunRecord>> consumer, String run) {
        TopicPartition partition = new TopicPartition(RunTopic.RUNS.of(run), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        Optional<Champion> newest = Optional.empty();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, Received<RunRecord>> record : consumer.poll(Duration.ofMillis(50))) {
                if (record.value() != null && record.value().isReadable()
                        && record.value().value().getContent() instanceof Champion champion
                        && problem(run, record.key(), champion).isEmpty()) {
                    newest = Optional.of(champion);
                }
            }
        }
        return newest;
    }
}
