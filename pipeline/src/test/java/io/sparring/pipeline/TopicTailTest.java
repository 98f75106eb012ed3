package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class TopicTailTest {

    private final LogConsumer<String, String> log = new LogConsumer<>("topic");

    @Test
    void anEmptyPartitionHasNone() {
        assertThat(newest(this::anyRecord)).isEmpty();
        assertThat(log.seeks()).containsExactly(0L);
    }

    @Test
    void theNewestIsFoundWithinTheFirstLook() {
        append(1000);
        assertThat(newest(this::anyRecord)).contains("v999");
        assertThat(log.seeks()).as("reads the end alone").containsExactly(1000L - 64);
        assertThat(log.assignment()).containsExactly(log.partition(0));
        assertThat(log.position(log.partition(0))).isEqualTo(1000);
    }

    @Test
    void aValueFurtherBackIsLookedForFourTimesAsFarEachTime() {
        append(1000);
        assertThat(newest(() -> record -> Optional.of(record.value()).filter("v500"::equals))).contains("v500");
        assertThat(log.seeks()).containsExactly(1000L - 64, 1000L - 256, 0L);
        assertThat(log.position(log.partition(0))).as("is left at the end all the same").isEqualTo(1000);
    }

    @Test
    void aPartitionWithoutAnyIsReadOnceFromItsBeginning() {
        append(300);
        assertThat(newest(() -> record -> Optional.empty())).isEmpty();
        assertThat(log.seeks()).containsExactly(300L - 64, 300L - 256, 0L);
    }

    @Test
    void ofSeveralInALookTheLastCounts() {
        append(10);
        assertThat(newest(() -> record -> Optional.of(record.value()).filter(value -> value.compareTo("v7") <= 0)))
                .contains("v7");
    }

    /** The look may begin in the middle of a value: each look must begin with a reader that knows nothing. */
    @Test
    void aValueOfSeveralRecordsIsFoundWhole() {
        append(200);
        assertThat(newest(() -> new Function<>() {
            private int first = -1;
            private long last = -1;

            @Override
            public Optional<String> apply(ConsumerRecord<String, String> record) {
                assertThat(record.offset()).as("after what it has seen").isGreaterThan(last);
                last = record.offset();
                first = record.offset() == 90 ? 90 : first;
                return record.offset() == 170 && first == 90 ? Optional.of("90 to 170") : Optional.empty();
            }
        })).contains("90 to 170");
        assertThat(log.seeks()).containsExactly(200L - 64, 0L);
    }

    @Test
    void aTrimmedPartitionIsReadFromItsBeginningNotFromNought() {
        append(500);
        log.trim(0, 480);
        assertThat(newest(() -> record -> Optional.of(record.value()).filter("v480"::equals))).contains("v480");
        assertThat(newest(() -> record -> Optional.empty())).isEmpty();
        assertThat(log.seeks()).containsExactly(480L, 480L);
        log.trim(0, 500);
        assertThat(newest(this::anyRecord)).isEmpty();
    }

    @Test
    void aBeginningThatIsTrimmedDuringTheSearchHasItBeginAnew() {
        append(500);
        AtomicInteger readers = new AtomicInteger();
        assertThat(newest(() -> {
            int reader = readers.incrementAndGet();
            List<String> seen = new ArrayList<>();
            return record -> {
                if (reader == 3) {
                    // all but what was just polled
                    log.trim(0, 100);
                }
                seen.add(record.value());
                return reader > 3 && seen.size() == 400 ? Optional.of(seen.get(0)) : Optional.empty();
            };
        })).as("from what is the beginning now, with none left out").contains("v100");
    }

    @Test
    void whoIsStoppedFindsNothing() {
        append(1000);
        AtomicInteger asked = new AtomicInteger();
        assertThat(TopicTail.newest(log, log.partition(0), this::anyRecord, () -> asked.incrementAndGet() > 2)).isEmpty();
        assertThat(asked).hasValue(3);
        assertThat(log.position(log.partition(0))).as("stopped early").isLessThan(1000);
    }

    @Test
    void findsWhatReadingAllOfItWouldFind() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LogConsumer<String, String> topic = new LogConsumer<>("topic");
            int records = random.nextInt(700);
            IntStream.range(0, records).forEach(i -> topic.append(0, "k", Integer.toString(i)));
            long beginning = random.nextInt(records + 1);
            topic.trim(0, random.nextBoolean() ? 0 : beginning);
            int modulus = 1 + random.nextInt(1000);
            long from = topic.beginningOffsets(List.of(topic.partition(0))).get(topic.partition(0));
            Optional<Long> expected = IntStream.range((int) from, records).mapToObj(i -> (long) i)
                    .filter(i -> i % modulus == 3).reduce((one, next) -> next);
            Supplier<Function<ConsumerRecord<String, String>, Optional<Long>>> readers =
                    () -> record -> Optional.of(record.offset()).filter(i -> i % modulus == 3);
            assertThat(TopicTail.newest(topic, topic.partition(0), readers, () -> false)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private Optional<String> newest(Supplier<Function<ConsumerRecord<String, String>, Optional<String>>> readers) {
        return TopicTail.newest(log, log.partition(0), readers, () -> false);
    }

    private Function<ConsumerRecord<String, String>, Optional<String>> anyRecord() {
        return record -> Optional.of(record.value());
    }

    private void append(int records) {
        IntStream.range(0, records).forEach(i -> log.append(0, "k", "v" + i));
    }
}
