package io.sparring.producer;

import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.LostPositionException;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.Received;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * The images on the topic {@code incoming-images} that are not yet part of a batch, in the order of their offsets. Those that the
 * run cannot use become dead letters. Holds no more than what was asked for. Used by one thread.
 */
final class IncomingImages {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);
    private static final Duration WAIT = Duration.ofMillis(100);

    /** Images that follow one another, and the offset behind the last of them. */
    record Taken(LabeledImages images, long next) {}

    /** An image that waits. */
    private record Waiting(long offset, int label, byte[] pixels, long readAt) {}

    private final Consumer<Long, Received<IncomingImage>> consumer;
    private final TopicPartition partition;
    private final ExpectedImages expected;
    private final Supplier<OptionalLong> numbered;
    private final DeadLetters letters;
    private final LongSupplier nanoTime;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<ProducerRecord<Long, byte[]>> aside = new ArrayList<>();
    private final AtomicLong behind;

    /**
     * @param consumer assigned by this; the caller's to close
     * @param next the offset to begin at; empty for the first that there is
     * @param numbered looks up the offset behind the last image that is part of a batch by now, as {@code next}
     * @param behind is told how many images there are that have not been taken
     */
    IncomingImages(Consumer<Long, Received<IncomingImage>> consumer, String topic, OptionalLong next, ExpectedImages expected,
            Supplier<OptionalLong> numbered, DeadLetters letters, AtomicLong behind, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topic, 0);
        this.expected = expected;
        this.numbered = numbered;
        this.letters = letters;
        this.behind = behind;
        this.nanoTime = nanoTime;
        consumer.assign(List.of(partition));
        if (next.isPresent()) {
            consumer.seek(partition, next.getAsLong());
        } else {
            consumer.seekToBeginning(List.of(partition));
        }
    }

    /**
     * Reads what has come, and waits a moment for images.
     *
     * @param enough images that are not waited for any more once they are there
     * @param most images that are read at most, but for a few
     * @return how many images wait
     * @throws LostPositionException if the images to be read next are gone
     * @throws ProducerFencedException if they are part of another producer's batches, which has taken this one's place
     */
    int read(int enough, int most) {
        long until = nanoTime.getAsLong() + WAIT.toNanos();
        try {
            while (waiting.size() < most) {
                long left = waiting.size() >= enough ? 0 : Math.max(0, until - nanoTime.getAsLong());
                ConsumerRecords<Long, Received<IncomingImage>> records = consumer.poll(Duration.ofNanos(left));
                records.forEach(this::take);
                if (records.isEmpty() || nanoTime.getAsLong() >= until) {
                    break;
                }
            }
        } catch (OffsetOutOfRangeException e) {
            throw lost(e);
        }
        behind.set(waiting.size() + consumer.currentLag(partition).orElse(0));
        return waiting.size();
    }

    private void take(ConsumerRecord<Long, Received<IncomingImage>> record) {
        Optional<String> problem = expected.problem(record.value());
        if (problem.isPresent()) {
            aside.add(letters.of(record, FORMAT.bytes(record.value()), problem.get()));
            return;
        }
        IncomingImage image = record.value().value();
        byte[] pixels = new byte[expected.bytes()];
        image.getPixels().duplicate().get(pixels);
        waiting.add(new Waiting(record.offset(), image.getLabel(), pixels, nanoTime.getAsLong()));
    }

    /** How long the first image that waits has done so since it was read; nothing if none does. */
    Optional<Duration> waited() {
        return Optional.ofNullable(waiting.peek()).map(first -> Duration.ofNanos(nanoTime.getAsLong() - first.readAt()));
    }

    /** How many images wait. */
    int waiting() {
        return waiting.size();
    }

    /** The first images that wait, which do so no more. */
    Taken take(int count) {
        byte[] pixels = new byte[count * expected.bytes()];
        int[] labels = new int[count];
        long next = 0;
        for (int image = 0; image < count; image++) {
            Waiting first = waiting.remove();
            System.arraycopy(first.pixels(), 0, pixels, image * expected.bytes(), expected.bytes());
            labels[image] = first.label();
            next = first.offset() + 1;
        }
        return new Taken(new LabeledImages(pixels, labels, expected.height(), expected.width(), expected.channels(),
                expected.classes()), next);
    }

    /** The dead letters of records that were read since this was last asked. */
    List<ProducerRecord<Long, byte[]>> aside() {
        List<ProducerRecord<Long, byte[]>> all = List.copyOf(aside);
        aside.clear();
        return all;
    }

    private RuntimeException lost(OffsetOutOfRangeException e) {
        long wanted = e.offsetOutOfRangePartitions().get(partition);
        if (numbered.get().orElse(0) > wanted) {
            return new ProducerFencedException("another producer of the run has made batches of the images from offset " + wanted
                    + " of " + partition + " on");
        }
        return new LostPositionException("lost position: " + partition + " offset " + wanted + " is wanted, the first is "
                + consumer.beginningOffsets(List.of(partition)).get(partition) + ", the end "
                + consumer.endOffsets(List.of(partition)).get(partition)
                + "; images were deleted before they were part of a batch, by a retention of the topic or by hand", e);
    }
}
