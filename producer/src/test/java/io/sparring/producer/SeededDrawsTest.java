package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.producer.SeededDraws.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededDrawsTest {

    /** The reference output of SplitMix64 for the seed 1234567: we rely on SplittableRandom being that generator. */
    @Test
    void javaGeneratesSplitMix64() {
        SplittableRandom generator = new SplittableRandom(1234567);

        assertThat(new long[] {generator.nextLong(), generator.nextLong(), generator.nextLong()})
                .containsExactly(6457827717110365317L, 3203168211198807973L, -8629252141511181193L);
    }

    @Test
    void stayTheSameBetweenReleases() {
        assertThat(new SeededDraws(42, Purpose.ORDER, 3).permutation(10)).containsExactly(3, 8, 5, 9, 6, 7, 1, 4, 2, 0);
    }

    @Test
    void areUniform() {
        long seed = 5;
        SeededDraws draws = new SeededDraws(seed, Purpose.AUGMENTATION, 0);
        int[] seen = new int[9];
        for (int draw = 0; draw < 90_000; draw++) {
            seen[draws.below(9)]++;
        }
        // the standard deviation of each is 94
        assertThat(Arrays.stream(seen).boxed()).as("seed %d", seed)
                .allSatisfy(times -> assertThat(times).isBetween(9_500, 10_500));
    }

    @Test
    void permutationHasEveryNumberOnce() {
        for (int count : new int[] {0, 1, 2, 7, 1000}) {
            int[] permutation = new SeededDraws(6, Purpose.ORDER, count).permutation(count);

            assertThat(Arrays.stream(permutation).sorted()).as("seed 6, count %d", count)
                    .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
        }
    }

    @Test
    void everyPlaceIsEquallyLikely() {
        int[] placesOfZero = new int[5];
        for (int index = 0; index < 50_000; index++) {
            int[] permutation = new SeededDraws(7, Purpose.ORDER, index).permutation(5);
            placesOfZero[Arrays.stream(permutation).boxed().toList().indexOf(0)]++;
        }
        assertThat(Arrays.stream(placesOfZero).boxed()).as("seed 7")
                .allSatisfy(times -> assertThat(times).isBetween(9_500, 10_500));
    }

    @Test
    void differByEachOfSeedPurposeAndIndex() {
        Set<Integer> firsts = new HashSet<>();
        for (long seed = -10; seed < 10; seed++) {
            for (Purpose purpose : Purpose.values()) {
                for (long index = 0; index < 20; index++) {
                    firsts.add(new SeededDraws(seed, purpose, index).below(Integer.MAX_VALUE));
                }
            }
        }
        assertThat(firsts).hasSize(20 * Purpose.values().length * 20);
    }
}
