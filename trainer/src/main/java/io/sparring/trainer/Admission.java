package io.sparring.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SetAside;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which records of a batch topic the trainer takes as those of their numbers, and what becomes of the others: they are set
 * aside, a further copy of a number without its value, since nothing is lost with it. Used by one thread.
 *
 * @param <T> the topic's record
 */
final class Admission<T> {

    /** Numbers whose taken copies are remembered to tell copies by: more than are ever under way. */
    private static final int REMEMBERED = 4096;

    private final boolean inOrder;
    private final LongUnaryOperator end;
    private final Function<ConsumerRecord<Long, Received<T>>, Optional<String>> unusable;
    private final Function<ConsumerRecord<Long, Received<T>>, Optional<String>> bad;
    private final Function<T, String> author;
    private final Function<Received<T>, byte[]> bytes;
    private final SetAside aside;
    private final Counter duplicates;
    private final Map<Long, String> authors = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Admission(boolean inOrder, LongUnaryOperator end,
            Function<ConsumerRecord<Long, Received<T>>, Optional<String>> unusable,
            Function<ConsumerRecord<Long, Received<T>>, Optional<String>> bad, Function<T, String> author,
            Function<Received<T>, byte[]> bytes, SetAside aside, Counter duplicates) {
        this.inOrder = inOrder;
        this.end = end;
        this.unusable = unusable;
        this.bad = bad;
        this.author = author;
        this.bytes = bytes;
        this.aside = aside;
        this.duplicates = duplicates;
    }

    /**
     * Clean batches. A bad one is the record of its number all the same, which is refused with it: nobody else sends another.
     *
     * @param resumed the number below which all have their outcome already
     */
    static Admission<ImageBatch> clean(RunSpecification run, long resumed, ServiceContext context) {
        return new Admission<>(true, end(run, resumed), record -> Optional.empty(), BatchCheck::problem, batch -> "",
                bytes(ImageBatch.class), context.aside(), duplicates(run, RunTopic.CLEAN_BATCHES, context.meters()));
    }

    /** Adversarial batches. What is none of its number is not taken for it: its attacker's, or the trainer's own, will come. */
    static Admission<AdversarialBatch> adversarial(RunSpecification run, long resumed, ServiceContext context) {
        return new Admission<>(false, end(run, resumed), Admission::unusable, record -> Optional.empty(),
                AdversarialBatch::getAttacker, bytes(AdversarialBatch.class), context.aside(),
                duplicates(run, RunTopic.ADVERSARIAL_BATCHES, context.meters()));
    }

    private static LongUnaryOperator end(RunSpecification run, long resumed) {
        long most = run.data().batches() == 0 ? Long.MAX_VALUE : run.data().batches();
        return next -> Math.min(most, Math.max(next, resumed) + sent(run));
    }

    /**
     * How many batches, from the smallest number without an outcome on, can have been sent: the producer's lead counts from the
     * highest number that was taken.
     */
    static int sent(RunSpecification run) {
        return run.data().lead() + run.ahead() + 1;
    }

    private static Optional<String> unusable(ConsumerRecord<Long, Received<AdversarialBatch>> record) {
        if (record.value() == null || !record.value().isReadable()) {
            return Optional.of(record.value() == null ? "the record is empty; allowed: an AdversarialBatch"
                    : record.value().failure());
        }
        long number = record.value().value().getBatchNumber();
        return number == record.key() ? Optional.empty()
                : Optional.of("batchNumber: " + number + "; allowed: the record's key, which is " + record.key());
    }

    private static <T extends SpecificRecord> Function<Received<T>, byte[]> bytes(Class<T> type) {
        return WireFormat.of(type)::bytes;
    }

    private static Counter duplicates(RunSpecification run, RunTopic topic, MeterRegistry meters) {
        return Metric.DUPLICATES.counter(meters, topic.of(run.run()));
    }

    /**
     * Why the record cannot be that of any batch under way, or nothing.
     *
     * @param nextBatch the smallest number without an outcome
     * @param partitions of the topic
     */
    Optional<String> problem(ConsumerRecord<Long, Received<T>> record, long nextBatch, int partitions) {
        Long number = record.key();
        if (number == null || number < 0 || RunTopic.partitionOf(number, partitions) != record.partition()) {
            return Optional.of("key: " + number + "; allowed: a batch number of partition " + record.partition());
        }
        long first = end.applyAsLong(nextBatch);
        return number < first ? unusable.apply(record)
                : Optional.of("key: " + number + "; allowed: a batch that can have been sent by now, below " + first);
    }

    /** Whether the topic's one writer writes each partition in order of number. */
    boolean inOrder() {
        return inOrder;
    }

    /** What is wrong with a record that is taken for its number all the same, or nothing. */
    Optional<String> bad(ConsumerRecord<Long, Received<T>> record) {
        return bad.apply(record);
    }

    /** The record is taken for its number. */
    void taken(ConsumerRecord<Long, Received<T>> record) {
        authors.put(record.key(), author(record));
    }

    /** Sets aside what is not taken. */
    void setAside(ConsumerRecord<Long, Received<T>> record, String reason) {
        aside.add(record, bytes.apply(record.value()), reason);
    }

    /** Tells of a further copy of a number. Two may answer a batch, as the trainer does in an attacker's stead. */
    void duplicate(ConsumerRecord<Long, Received<T>> record) {
        Optional<String> problem = bad.apply(record);
        if (problem.isPresent()) {
            setAside(record, problem.get());
            return;
        }
        duplicates.increment();
        String before = authors.get(record.key());
        if (before == null || before.equals(author(record))) {
            aside.add(record, null, "a duplicate: another copy of batch " + record.key() + " came before");
        }
    }

    private String author(ConsumerRecord<Long, Received<T>> record) {
        return record.value() == null || !record.value().isReadable() ? "" : author.apply(record.value().value());
    }
}
