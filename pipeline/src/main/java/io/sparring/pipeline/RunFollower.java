package io.sparring.pipeline;

import io.sparring.schemas.Received;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps at hand what is asked of a run, read on a thread of its own from the topic {@code runs}. */
final class RunFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunFollower.class);
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    private final org.apache.kafka.clients.consumer.Consumer<String, Received<RunRecord>> consumer;
    private final TopicPartition partition;
    private final Consumer<RunRequests> heard;
    private final Consumer<RuntimeException> failed;
    private final RunRecords records;
    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final Thread thread = new Thread(this::follow, "run-follower");
    private volatile RunRequests requests = RunRequests.NONE;
    private volatile boolean patient = true;
    private volatile boolean closed;

    /**
     * @param consumer closed with this
     * @param heard told of all that is asked for, whenever something is, on this follower's thread
     * @param failed told why nothing will be heard any more, likewise
     * @param aside where records go that say nothing of the run
     */
    RunFollower(org.apache.kafka.clients.consumer.Consumer<String, Received<RunRecord>> consumer, String run,
            Consumer<RunRequests> heard, Consumer<RuntimeException> failed, SetAside aside) {
        this.consumer = consumer;
        this.records = new RunRecords(run, aside);
        this.partition = new TopicPartition(RunTopic.RUNS.of(run), 0);
        this.heard = heard;
        this.failed = failed;
        thread.setDaemon(true);
    }

    RunFollower(KafkaSettings kafka, String run, Consumer<RunRequests> heard, Consumer<RuntimeException> failed,
            SetAside aside) {
        this(kafka.follower(new StringDeserializer(), WireFormat.of(RunRecord.class).receiver()), run, heard, failed, aside);
    }

    void start() {
        thread.start();
    }

    /** What is asked for now. Who asks first waits a little until what was asked for before this began has been heard. */
    RunRequests requests() {
        if (patient) {
            patient = false;
            try {
                caughtUp.await(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return requests;
    }

    private void follow() {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!closed) {
                followPatiently();
            }
        } catch (WakeupException e) {
            LOG.debug("closed while waiting for requests");
        } catch (RuntimeException e) {
            failed.accept(e);
        } catch (Error e) {
            // a service that hears nothing any more must not go on
            failed.accept(new IllegalStateException("cannot follow the requests: " + e, e));
        } finally {
            caughtUp.countDown();
        }
    }

    private void followPatiently() {
        try {
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (!closed) {
                if (consumer.position(partition) >= end) {
                    caughtUp.countDown();
                }
                take(consumer.poll(POLL));
            }
        } catch (RetriableException e) {
            // the cluster, or the topic, may be there soon: the service waits for it too
            LOG.info("cannot read {} yet: {}", partition.topic(), e.getMessage());
        }
    }

    private void take(ConsumerRecords<String, Received<RunRecord>> polled) {
        if (!polled.isEmpty()) {
            for (ConsumerRecord<String, Received<RunRecord>> record : polled) {
                records.add(record);
            }
            requests = records.requests();
            heard.accept(requests);
        }
    }

    @Override
    public void close() {
        closed = true;
        if (thread.getState() == Thread.State.NEW) {
            consumer.close();
            return;
        }
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
