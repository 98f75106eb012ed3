package io.sparring.attacker;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes, every few seconds, images of the batch just crafted. Nothing depends on them, so they are outside of the batch's
 * transaction, and what goes wrong with them is a warning: a run whose topics are of an older release has no topic for them, and
 * crafting goes on. Used by one thread.
 */
final class Samples implements AutoCloseable {

    /** At most one sample in this time. */
    static final Duration INTERVAL = Duration.ofSeconds(5);
    /** After one that was not delivered the next comes later, for it may hold crafting up for a second. */
    static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Samples.class);
    private static final WireFormat<Sample> FORMAT = WireFormat.of(Sample.class);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final String topic;
    private final int partitions;
    private final SampledImages images;
    private final Supplier<Producer<Long, byte[]>> producers;
    private final Clock clock;
    private Producer<Long, byte[]> producer;
    private Instant next = Instant.MIN;
    private volatile boolean failed;

    /**
     * @param partitions of the run's batches; where they are shared out, one attacker has the first and it alone samples
     * @param producers makes the client, once there is something to send; closed with this
     */
    Samples(String run, int partitions, SampledImages images, Supplier<Producer<Long, byte[]>> producers, Clock clock) {
        this.topic = RunTopic.SAMPLES.of(run);
        this.partitions = partitions;
        this.images = images;
        this.producers = producers;
        this.clock = clock;
    }

    /**
     * Shown each batch that has been crafted, before weights are assigned for the next.
     *
     * @return what is to be run once it is published
     */
    Runnable crafted(ImageBatch clean, AdversarialBatch made) {
        Instant now = clock.instant();
        if (failed) {
            failed = false;
            next = now.plus(AFTER_FAILURE);
        }
        if (now.isBefore(next) || RunTopic.partitionOf(clean.getBatchNumber(), partitions) != 0) {
            return () -> { };
        }
        next = now.plus(INTERVAL);
        Sample sample = images.of(clean, made, (Crafted) made.getResult());
        return () -> send(sample);
    }

    private void send(Sample sample) {
        try {
            if (producer == null) {
                producer = producers.get();
            }
            producer.send(new ProducerRecord<>(topic, 0, sample.getBatchNumber(), FORMAT.encode(sample)),
                    (metadata, failure) -> {
                        if (failure != null) {
                            warn(failure);
                        }
                    });
        } catch (KafkaException e) {
            warn(e);
        }
    }

    private void warn(Exception failure) {
        failed = true;
        LOG.warn("nobody sees this batch's images, {}: {}", topic, failure.getMessage());
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSING);
        }
    }
}
