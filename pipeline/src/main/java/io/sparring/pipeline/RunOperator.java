package io.sparring.pipeline;

import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunControl;
import io.sparring.schemas.RunState;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Asks things of a run, by records on its topic {@code runs} that its services follow. They stand until others take their
 * place, whether or not a service runs that could do them now. Of two operators at one time, the later one fences the other.
 */
public final class RunOperator implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaSettings kafka;
    private final String run;
    private final Clock clock;
    private final Producer<String, byte[]> producer;

    /** @throws IllegalArgumentException if the run has no topics on this cluster */
    public RunOperator(KafkaSettings kafka, String run, Clock clock) {
        try (Admin admin = kafka.admin()) {
            if (!new RunTopics(admin).exist(run)) {
                throw new IllegalArgumentException("run " + run + " has no topics on " + kafka
                        + "; `sparring topics create` makes them");
            }
        }
        this.kafka = kafka;
        this.run = run;
        this.clock = clock;
        producer = kafka.transactional(run + ".operator", new StringSerializer());
        producer.initTransactions();
    }

    /** Asks the run to be in that state. */
    public void control(RunState state) {
        send(RunRegistry.record(run, "control", new RunControl(state, now())));
    }

    /**
     * Gives the run another version of its specification.
     *
     * @param fromBatch first batch number that it is meant for
     * @throws IllegalArgumentException if the run is not published, or a key differs that may not
     */
    public SpecificationVersion change(RunSpecification wanted, long fromBatch) {
        PublishedProgram published = RunRegistry.read(kafka, run).orElseThrow(() -> new IllegalArgumentException(
                "run " + run + " is not published yet: its trainer does that when it first runs, and takes the run file's values"));
        SpecificationVersion next = published.versions().next(wanted, fromBatch);
        send(RunRegistry.record(next, published.programSha256()));
        return next;
    }

    /**
     * Asks the trainer to go on from an earlier checkpoint's weights.
     *
     * @param step of the checkpoint; of several incarnations with that step, the newest is meant
     * @return what the trainer's first update will be once it has done so
     * @throws IllegalArgumentException if there is no such checkpoint, with the steps that have one
     */
    public UpdateIdentity rollback(long step) {
        TreeSet<UpdateIdentity> checkpoints = checkpoints();
        UpdateIdentity checkpoint = checkpoints.descendingSet().stream().filter(each -> each.step() == step).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("step " + step + " has no checkpoint; those that have: "
                        + checkpoints.stream().map(UpdateIdentity::step).distinct().sorted().map(String::valueOf)
                                .collect(Collectors.joining(", ")) + (step < checkpoints.first().step()
                                        ? "; earlier ones were trimmed, see publishing.checkpointsKept" : "")));
        int incarnation = Math.max(checkpoints.last().incarnation(),
                newestUpdate().map(UpdateIdentity::incarnation).orElse(0)) + 1;
        send(RunRegistry.record(run, "rollback", new Rollback(incarnation, checkpoint.incarnation(), step, now())));
        return new UpdateIdentity(incarnation, step);
    }

    /** Waits until the trainer has published {@code wanted}; nothing if it has not in that time, else its next batch. */
    public Optional<Long> awaitUpdate(UpdateIdentity wanted, Duration atMost) throws InterruptedException {
        try (UpdateFollower updates = UpdateFollower.start(kafka, run, update -> true)) {
            long deadline = clock.millis() + atMost.toMillis();
            Update known = null;
            while (clock.millis() < deadline) {
                known = updates.awaitOtherThan(known, POLL).orElse(null);
                if (known != null && known.identity().incarnation() == wanted.incarnation()) {
                    return Optional.of(known.nextBatch());
                }
            }
            return Optional.empty();
        }
    }

    private TreeSet<UpdateIdentity> checkpoints() {
        TreeSet<UpdateIdentity> found = new TreeSet<>();
        TopicPartition partition = new TopicPartition(RunTopic.CHECKPOINTS.of(run), 0);
        try (Consumer<String, Received<Checkpoint>> consumer =
                kafka.reader(new StringDeserializer(), WireFormat.of(Checkpoint.class).receiver())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                try {
                    consumer.poll(POLL).forEach(record -> {
                        Checkpoint chunk = record.value() == null ? null : record.value().value();
                        if (chunk != null && chunk.getIncarnation() >= 0 && chunk.getStep() >= 0) {
                            found.add(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()));
                        }
                    });
                } catch (OffsetOutOfRangeException e) {
                    // what was found has been trimmed too
                    found.clear();
                    TrimmedRecords.skip(consumer, e);
                }
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("run " + run + " has no checkpoint yet");
        }
        return found;
    }

    private Optional<UpdateIdentity> newestUpdate() {
        try (Consumer<String, Received<ModelUpdate>> consumer =
                kafka.reader(new StringDeserializer(), WireFormat.of(ModelUpdate.class).receiver())) {
            return TopicTail.newest(consumer, new TopicPartition(RunTopic.MODEL_UPDATES.of(run), 0),
                    () -> record -> Optional.ofNullable(record.value()).map(Received::value)
                            .filter(chunk -> chunk.getIncarnation() >= 0 && chunk.getStep() >= 0)
                            .map(chunk -> new UpdateIdentity(chunk.getIncarnation(), chunk.getStep())), () -> false);
        }
    }

    private void send(ProducerRecord<String, byte[]> record) {
        producer.beginTransaction();
        producer.send(record);
        producer.commitTransaction();
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    @Override
    public void close() {
        producer.close();
    }
}
