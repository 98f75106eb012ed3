package io.sparring.simulation;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that is committed on the two batch topics. */
public final class CommittedBatches {

    private final RunSpecification run;
    private final List<ConsumerRecord<Long, Received<ImageBatch>>> clean = new ArrayList<>();
    private final long[] nextOf;
    private final NavigableMap<Long, NavigableMap<Long, ConsumerRecord<Long, Received<AdversarialBatch>>>> adversarial =
            new TreeMap<>();

    CommittedBatches(RunSpecification run) {
        this.run = run;
        this.nextOf = new long[run.partitions()];
        for (int partition = 0; partition < nextOf.length; partition++) {
            nextOf[partition] = partition;
        }
    }

    /** @throws AssertionError unless it is the next of its partition */
    void addClean(ConsumerRecord<Long, Received<ImageBatch>> record) {
        long number = record.key();
        require(RunTopic.partitionOf(number, run.partitions()) == record.partition(), () -> "clean batch " + number
                + " is in partition " + record.partition());
        require(nextOf[record.partition()] == number, () -> "clean batch " + number + " is committed where "
                + nextOf[record.partition()] + " comes next");
        nextOf[record.partition()] += run.partitions();
        while (clean.size() <= number) {
            clean.add(null);
        }
        clean.set((int) number, record);
    }

    void addAdversarial(ConsumerRecord<Long, Received<AdversarialBatch>> record) {
        adversarial.computeIfAbsent(record.key(), number -> new TreeMap<>()).put(record.offset(), record);
    }

    /** The clean batch of that number; null if there is none. */
    public ConsumerRecord<Long, Received<ImageBatch>> clean(long number) {
        return number < clean.size() ? clean.get((int) number) : null;
    }

    /** The copy of the lowest offset; null if there is none. */
    public ConsumerRecord<Long, Received<AdversarialBatch>> first(long number) {
        return adversarial.containsKey(number) ? adversarial.get(number).firstEntry().getValue() : null;
    }

    /** How many numbers have an adversarial batch. */
    int answered() {
        return adversarial.size();
    }

    /** Numbers from {@code number} on that have a clean and an adversarial batch. */
    public List<Long> answeredFrom(long number) {
        return adversarial.tailMap(number).keySet().stream().filter(each -> clean(each) != null).toList();
    }

    static void require(boolean holds, Supplier<String> violation) {
        if (!holds) {
            throw new AssertionError(violation.get());
        }
    }
}
