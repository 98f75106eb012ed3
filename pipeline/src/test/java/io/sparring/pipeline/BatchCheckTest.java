package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.Split;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchCheckTest {

    private static final List<Integer> LABELS = List.of(0, 9);

    @Test
    void aGoodBatchHasNoProblem() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(8);
            int channels = random.nextBoolean() ? 1 : 3;
            byte[] pixels = new byte[(1 + random.nextInt(5)) * size * size * channels];
            random.nextBytes(pixels);
            List<Integer> labels = IntStream.range(0, pixels.length / (size * size * channels))
                    .map(i -> random.nextInt(10)).boxed().toList();
            ImageBatch batch = batch(seed, size, size, channels, 10, labels, pixels, digest(pixels, labels));
            assertThat(problem(seed, batch)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void anEmptyRecordIsNoBatch() {
        assertThat(BatchCheck.problem(record(7L, null))).contains("the record is empty; allowed: an ImageBatch");
    }

    @Test
    void whatCannotBeReadIsNoBatchForTheReasonThatTheReaderGave() {
        String torn = "not a readable record: torn";
        assertThat(BatchCheck.problem(record(7L, Received.unreadable(new byte[1], torn)))).contains(torn);
    }

    @Test
    void theKeyIsTheBatchNumber() {
        assertThat(problem(8L, good(7))).contains("batchNumber: 7; allowed: the record's key, which is 8");
        assertThat(problem(null, good(7))).contains("batchNumber: 7; allowed: the record's key, which is null");
        assertThat(problem(7L, good(7))).isEmpty();
        assertThat(problem(1L << 40, good(1L << 40))).isEmpty();
    }

    /** It would be sent to a partition below 0. */
    @Test
    void aBatchNumberBelowNoughtIsRefused() {
        assertThat(problem(-1L, good(-1))).contains("batchNumber: -1; allowed: at least 0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            2 | 2 | 1 | 7 | 7 bytes; allowed: 2 images x 2 x 2 x 1 = 8, not 0
            2 | 2 | 1 | 9 | 9 bytes; allowed: 2 images x 2 x 2 x 1 = 8, not 0
            2 | 2 | 3 | 8 | 8 bytes; allowed: 2 images x 2 x 2 x 3 = 24, not 0
            0 | 2 | 1 | 0 | 0 bytes; allowed: 2 images x 0 x 2 x 1 = 0, not 0
            2 | 0 | 1 | 0 | 0 bytes; allowed: 2 images x 2 x 0 x 1 = 0, not 0
            2 | 2 | 0 | 0 | 0 bytes; allowed: 2 images x 2 x 2 x 0 = 0, not 0
            -2 | -2 | 1 | 8 | 8 bytes; allowed: 2 images x -2 x -2 x 1 = 8, not 0
            8 | 1073741824 | 1073741824 | 0 | 0 bytes; allowed: 2 images x 8 x 1073741824 x 1073741824 = 18446744073709551616, not 0
            """)
    void pixelsAreAsManyAsTheGeometrySays(int height, int width, int channels, int bytes, String problem) {
        byte[] pixels = new byte[bytes];
        ImageBatch batch = batch(7, height, width, channels, 10, LABELS, pixels, digest(pixels, LABELS));
        assertThat(problem(7L, batch)).contains("pixels: " + problem);
    }

    @Test
    void aBatchHasAnImage() {
        ImageBatch batch = batch(7, 2, 2, 1, 10, List.of(), new byte[0], digest(new byte[0], List.of()));
        assertThat(problem(7L, batch))
                .contains("pixels: 0 bytes; allowed: 0 images x 2 x 2 x 1 = 0, not 0");
    }

    @ParameterizedTest
    @CsvSource({"10", "-1", "2147483647"})
    void labelsAreClasses(int label) {
        List<Integer> labels = List.of(3, label);
        byte[] pixels = new byte[8];
        ImageBatch batch = batch(7, 2, 2, 1, 10, labels, pixels, digest(pixels, labels));
        assertThat(problem(7L, batch)).contains("labels: " + label + "; allowed: 0 to 9");
    }

    @Test
    void anotherDigestIsRefused() {
        byte[] pixels = new byte[8];
        String right = digest(pixels, LABELS);
        byte[] changed = pixels.clone();
        changed[5] = 1;
        assertThat(problem(7L, batch(7, 2, 2, 1, 10, LABELS, changed, right)))
                .contains("sha256: " + right + "; allowed: the digest of the pixels and labels, which is "
                        + digest(changed, LABELS));
        assertThat(BatchCheck.problem(record(7L, Received.readable(batch(7, 2, 2, 1, 10, List.of(9, 0), pixels, right)))))
                .get().asString().startsWith("sha256: ");
    }

    @Test
    void aSecondViewIsAsLargeAsTheFirstAndWithinTheDigest() {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] second = {8, 7, 6, 5, 4, 3, 2, 1};
        ImageBatch both = twoViews(pixels, second, Sha256.of(ByteBuffer.wrap(pixels), ByteBuffer.wrap(second), LABELS));
        assertThat(problem(7L, both)).isEmpty();
        assertThat(problem(7L, twoViews(pixels, new byte[7], both.getSha256())))
                .contains("secondPixels: 7 bytes; allowed: as many as pixels has, 8");
        second[3]++;
        assertThat(problem(7L, both)).as("changed in the second view").get().asString().startsWith("sha256: ");
        assertThat(problem(7L, twoViews(pixels, second, digest(pixels, LABELS)))).get().asString().startsWith("sha256: ");
        assertThat(problem(7L, batch(7, 2, 2, 1, 10, LABELS, pixels, both.getSha256()))).get().asString()
                .startsWith("sha256: ");
    }

    private static ImageBatch twoViews(byte[] pixels, byte[] second, String sha256) {
        return new ImageBatch(7L, Split.TRAINING, 0L, 2, 2, 1, 10, LABELS, ByteBuffer.wrap(pixels), sha256,
                Instant.ofEpochMilli(0), ByteBuffer.wrap(second), null);
    }

    private static Optional<String> problem(Long key, ImageBatch batch) {
        return BatchCheck.problem(record(key, Received.readable(batch)));
    }

    private static ImageBatch good(long number) {
        byte[] pixels = new byte[8];
        return batch(number, 2, 2, 1, 10, LABELS, pixels, digest(pixels, LABELS));
    }

    private static String digest(byte[] pixels, List<Integer> labels) {
        return Sha256.of(ByteBuffer.wrap(pixels), labels);
    }

    private static ImageBatch batch(long number, int height, int width, int channels, int classes, List<Integer> labels,
            byte[] pixels, String sha256) {
        return new ImageBatch(number, Split.TRAINING, 0L, height, width, channels, classes, labels, ByteBuffer.wrap(pixels),
                sha256, Instant.ofEpochMilli(0), null, null);
    }

    private static ConsumerRecord<Long, Received<ImageBatch>> record(Long key, Received<ImageBatch> value) {
        return new ConsumerRecord<>("run.clean-batches", 0, 3, key, value);
    }
}
