package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamStatisticsTest {

    @Test
    void theDivergenceOfDistributionsIsInBits() {
        long many = 1_000_000_000_000L;
        assertThat(StreamStatistics.divergence(new long[] {many, 0}, new long[] {0, many})).isCloseTo(1, within(1e-9));
        assertThat(StreamStatistics.divergence(new long[] {many, many}, new long[] {many, many})).isZero();
        // H(1/4) - (H(1/2) + 0) / 2, by hand
        assertThat(StreamStatistics.divergence(new long[] {many, many}, new long[] {0, 2 * many})).isCloseTo(0.3112781245, within(1e-9));
        assertThat(StreamStatistics.divergence(new long[] {many}, new long[] {many, 0, 0})).as("classes that nobody has").isZero();
        assertThat(StreamStatistics.divergence(new long[0], new long[] {5})).isZero();
    }

    @Test
    void whatChanceMakesOfItIsTakenOff() {
        double kept = 0;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            kept += StreamStatistics.divergence(sample(random, 100, 1000), sample(random, 100, 500));
        }
        // uncorrected, 99 (1/1000 + 1/500) / (8 ln 2) = 0.0536
        assertThat(kept / 200).isLessThan(0.006);
    }

    private static long[] sample(Random random, int classes, int images) {
        long[] counts = new long[classes];
        random.ints(images, 0, classes).forEach(label -> counts[label]++);
        return counts;
    }
}
