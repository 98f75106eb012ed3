package io.sparring.dashboard;

import io.sparring.pipeline.KafkaRefusedException;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.TrimmedRecords;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a run's metric topics on a thread of its own, from as far back as {@link #FURTHEST} says, and keeps a {@link RunView} up
 * to date. A cluster that is away is waited for; topics that are others than before are read from the beginning.
 */
final class TopicReader implements AutoCloseable {

    /** How many records before its end a topic is read from: all there may be in months, so that a start takes seconds. */
    static final Map<RunTopic, Long> FURTHEST = Map.of(RunTopic.TRAINING_STEPS, 500_000L,
            RunTopic.ROBUSTNESS, 200_000L, RunTopic.SERVICE_STATUS, 200_000L, RunTopic.DEAD_LETTERS, 20_000L, RunTopic.ALARMS, 20_000L,
            RunTopic.PREQUENTIAL, 20_000L, RunTopic.SAMPLES, 8L);

    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS = 2_000;
    /** Topics that an older release has not made may be made later. */
    private static final long LOOK_FOR_TOPICS_MILLIS = 10_000;

    private final String run;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Clock clock;
    private final Map<String, BiConsumer<ConsumerRecord<byte[], byte[]>, RunView>> readers = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::follow, "dashboard-reader");
    private volatile Consumer<byte[], byte[]> current;
    private volatile RunView view;
    private volatile ReadingState state = ReadingState.BEGINNING;
    private long total;

    /** @param consumers make a client each time that reading begins anew; closed here */
    TopicReader(String run, Supplier<Consumer<byte[], byte[]>> consumers, Clock clock) {
        this.run = run;
        this.consumers = consumers;
        this.clock = clock;
        this.view = new RunView(run);
        thread.setDaemon(true);
        reader(RunTopic.TRAINING_STEPS, TrainingStep.class, (step, at) -> at.add(step));
        reader(RunTopic.ROBUSTNESS, Robustness.class, (report, at) -> at.add(report));
        reader(RunTopic.PREQUENTIAL, PrequentialWindow.class, (window, at) -> at.add(window));
        reader(RunTopic.ALARMS, Alarm.class, (alarm, at) -> at.add(alarm));
        reader(RunTopic.SAMPLES, Sample.class, (sample, at) -> at.add(sample));
        // what has just arrived was sent just now, whatever the other machine's clock says
        reader(RunTopic.SERVICE_STATUS, ServiceStatus.class, (status, at) -> at.add(status, state.caughtUp() ? clock.millis()
                : Math.min(clock.millis(), status.getReportedAt().toEpochMilli())));
        readers.put(RunTopic.DEAD_LETTERS.of(run), (letter, at) -> at.addLetter(letter));
    }

    void start() {
        thread.start();
    }

    /** What has been read so far. */
    RunView view() {
        return view;
    }

    ReadingState state() {
        return state;
    }

    /** Ends when this is closed, or with what it cannot go on after: the cluster does not let it read. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    private <T extends SpecificRecord> void reader(RunTopic topic, Class<T> type, BiConsumer<T, RunView> taker) {
        Deserializer<T> format = WireFormat.of(type).serde().deserializer();
        readers.put(topic.of(run), (record, at) -> {
            if (record.value() != null) {
                taker.accept(format.deserialize(record.topic(), record.headers(), record.value()), at);
            }
        });
    }

    private void follow() {
        try {
            while (closing.getCount() > 0) {
                try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                    current = consumer;
                    begin(consumer);
                    read(consumer);
                } catch (WakeupException e) {
                    LOG.debug("closed");
                } catch (RuntimeException e) {
                    waitOut(e);
                }
                closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
            ended.complete(null);
        } catch (InterruptedException | RuntimeException e) {
            ended.completeExceptionally(KafkaRefusedException.in(e).map(Exception.class::cast).orElse(e));
        }
    }

    /** @throws RuntimeException what no waiting helps against */
    private void waitOut(RuntimeException failure) {
        if (KafkaRefusedException.in(failure).isPresent()) {
            throw failure;
        }
        state = state.stuck(Outage.passes(failure) ? "The cluster cannot be reached." : "Reading begins anew.");
        LOG.warn("reading again from the beginning, after: {}", failure.toString());
    }

    private void begin(Consumer<byte[], byte[]> consumer) {
        Set<TopicPartition> there = there(consumer);
        consumer.assign(there);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(there, ANSWER);
        Map<TopicPartition, Long> ends = consumer.endOffsets(there, ANSWER);
        total = 0;
        for (RunTopic topic : FURTHEST.keySet()) {
            TopicPartition partition = new TopicPartition(topic.of(run), 0);
            if (there.contains(partition)) {
                long start = Math.max(beginnings.get(partition), ends.get(partition) - FURTHEST.get(topic));
                consumer.seek(partition, start);
                total += ends.get(partition) - start;
            }
        }
        view = new RunView(run);
        state = ReadingState.BEGINNING;
    }

    private Set<TopicPartition> there(Consumer<byte[], byte[]> consumer) {
        Set<String> names = consumer.listTopics(ANSWER).keySet();
        return Set.copyOf(readers.keySet().stream().filter(names::contains).map(name -> new TopicPartition(name, 0)).toList());
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        long look = 0;
        long lookForTopics = clock.millis() + LOOK_FOR_TOPICS_MILLIS;
        while (closing.getCount() > 0) {
            long now = clock.millis();
            if (now >= look || !state.caughtUp()) {
                look(consumer);
                look = now + LOOK_MILLIS;
            }
            if (now >= lookForTopics && consumer.assignment().size() < readers.size()) {
                more(consumer);
                lookForTopics = now + LOOK_FOR_TOPICS_MILLIS;
            }
            try {
                consumer.poll(POLL).forEach(this::take);
            } catch (OffsetOutOfRangeException e) {
                TrimmedRecords.skip(consumer, e);
            }
        }
    }

    /** How much is left to read, which also tells whether the cluster answers. */
    private void look(Consumer<byte[], byte[]> consumer) {
        try {
            long left = 0;
            for (Map.Entry<TopicPartition, Long> end : consumer.endOffsets(consumer.assignment(), ANSWER).entrySet()) {
                left += Math.max(0, end.getValue() - consumer.position(end.getKey(), ANSWER));
            }
            state = state.read(left == 0 ? 1 : 1 - Math.min(1, (double) left / Math.max(left, total)));
        } catch (RuntimeException e) {
            if (e instanceof WakeupException || !Outage.passes(e)) {
                throw e;
            }
            state = state.stuck("The cluster cannot be reached.");
        }
    }

    private void more(Consumer<byte[], byte[]> consumer) {
        try {
            List<TopicPartition> all = new ArrayList<>(there(consumer));
            List<TopicPartition> added = all.stream().filter(partition -> !consumer.assignment().contains(partition)).toList();
            if (!added.isEmpty()) {
                consumer.assign(List.copyOf(Set.copyOf(all)));
                consumer.seekToBeginning(added);
            }
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            LOG.debug("cannot look for topics now: {}", e.getMessage());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            readers.get(record.topic()).accept(record, view);
        } catch (RuntimeException e) {
            // services set it aside; who only watches goes on
            LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        closing.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
