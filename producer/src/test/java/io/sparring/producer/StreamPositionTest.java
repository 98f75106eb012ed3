package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StreamPositionTest {

    static {
        // Avro copies a record that has others of ours once our package is trusted, which is the wire format's doing
        WireFormat.of(ImageBatch.class);
    }

    private final NumberedLog<Received<ImageBatch>> log = new NumberedLog<>("tiny.clean-batches", TinyRun.PARTITIONS,
            number -> Received.readable(batch(number)));

    @Test
    void anEmptyTopicBeginsWithTheFirstNumberOfEachPartition() {
        assertThat(next()).containsExactly(0, 1, 2);
    }

    @Test
    void eachPartitionGoesOnBehindItsLastNumber() {
        log.append(0, 1, 2, 3);
        assertThat(next()).containsExactly(6, 4, 5);
    }

    @Test
    void aPartitionMayBeAheadOfTheOthers() {
        log.append(0, 3, 6, 9, 2);
        assertThat(next()).containsExactly(12, 1, 5);
        assertThat(StreamPosition.lowest(next())).isEqualTo(1);
    }

    @Test
    void findsTheEndOfALongTopic() {
        log.append(LongStream.range(0, 1000).toArray());
        assertThat(next()).containsExactly(1002, 1000, 1001);
    }

    @Test
    void goesOnWhereMostIsTrimmedAndEndsWhereAllIs() {
        log.append(0, 1, 2, 3, 4, 5);
        log.trim(0, 1);
        assertThat(next()).containsExactly(6, 7, 8);
        log.trim(1, 2);
        assertThatIllegalStateException().isThrownBy(this::next)
                .withMessageStartingWith("lost position: tiny.clean-batches-1 had 2 offsets and has no record any more");
    }

    @Test
    void passesOverWhatIsNoNumberOfThePartition() {
        log.append(0, 3);
        log.append(0, null);
        log.append(0, 7L);
        log.append(1, -2L);
        for (int i = 0; i < 200; i++) {
            log.append(2, null);
        }
        assertThat(next()).containsExactly(6, 1, 2);
    }

    @Test
    void passesOverWhatIsNoBatchAndCopiesOfOlderOnes() {
        log.append(0, 3, 6);
        log.append(0, 3_000_000L, Received.unreadable(new byte[1], "damaged"));
        log.append(0, 9L, Received.readable(batch(12)));
        log.append(0, 0L);
        assertThat(next()).containsExactly(9, 1, 2);
    }

    @Test
    void imagesGoOnBehindTheLastThatIsPartOfABatch() {
        log.append(0, 0L, Received.readable(incoming(0, 10)));
        log.append(1, 1L, Received.readable(incoming(1, 25)));
        log.append(0, 3L, Received.readable(incoming(3, 47)));
        log.append(0, 0L, Received.readable(incoming(0, 99)));
        StreamPosition position = StreamPosition.of(log, "tiny.clean-batches", TinyRun.PARTITIONS, () -> false);
        assertThat(position.next()).containsExactly(6, 4, 2);
        assertThat(position.incomingNext()).as("a copy of an older batch says nothing").hasValue(47);
        assertThat(StreamPosition.of(new NumberedLog<>("tiny.clean-batches", TinyRun.PARTITIONS, number -> null),
                "tiny.clean-batches", TinyRun.PARTITIONS, () -> false).incomingNext()).isEmpty();
    }

    private static ImageBatch incoming(long number, long next) {
        return ImageBatch.newBuilder(batch(number)).setIncomingNext(next).build();
    }

    /** Whatever part of the sequence was committed: going on lowest first sends each number that is missing, once. */
    @Test
    void goingOnLowestFirstGivesEveryNumberOnce() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            long[] next = {3L * random.nextInt(5), 1 + 3L * random.nextInt(5), 2 + 3L * random.nextInt(5)};
            boolean[] sent = new boolean[30];
            for (int number = 0; number < 15; number++) {
                sent[number] = number < next[number % 3];
            }
            long before = -1;
            while (next[StreamPosition.lowest(next)] < sent.length) {
                int partition = StreamPosition.lowest(next);
                int number = (int) next[partition];
                assertThat(sent[number]).as("seed %d, batch %d", seed, number).isFalse();
                assertThat((long) number).as("seed %d", seed).isGreaterThan(before);
                sent[number] = true;
                before = number;
                next[partition] += 3;
            }
            assertThat(sent).as("seed %d", seed).doesNotContain(false);
        }
    }

    private static ImageBatch batch(long number) {
        ByteBuffer pixels = ByteBuffer.wrap(new byte[] {1});
        return new ImageBatch(number, Split.TRAINING, 0L, 1, 1, 1, 2, List.of(1), pixels, Sha256.of(pixels, List.of(1)),
                Instant.EPOCH, null, null);
    }

    private long[] next() {
        return StreamPosition.next(log, "tiny.clean-batches", TinyRun.PARTITIONS, () -> false);
    }
}
