package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.Geometry;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SquareProposalTest {

    private static final Geometry CIFAR10 = new Geometry(32, 32, 3, 10);
    private static final Geometry DIGITS = new Geometry(28, 28, 1, 10);
    private static final int SIZE = CIFAR10.imageSize();

    @Test
    void changesLessAndLess() {
        int[] queries = {0, 10, 11, 50, 51, 200, 201, 500, 501, 1000, 1001, 2000, 2001, 4000, 4001, 4999, 6000, 6001, 8001};
        double[] halvings = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8, 9};
        for (int i = 0; i < queries.length; i++) {
            assertThat(SquareSchedule.share(queries[i])).as("query %d", queries[i]).isEqualTo(0.8 / Math.pow(2, halvings[i]));
        }
    }

    /** Square roots of 0.8 · 1024 and of what it is halved to: 28.6, 20.2, 14.3, 10.1, 7.2, 5.1, 3.6, 2.5, 1.8, 1.3. */
    @Test
    void hasWindowsOfThatShareOfThePixels() {
        int[] squares = {29, 20, 14, 10, 7, 5, 4, 3, 2, 1};
        int[] windows = {29, 21, 15, 11, 7, 5, 5, 3, 3, 3};
        double share = 0.8;
        for (int i = 0; i < squares.length; i++, share /= 2) {
            assertThat(ColouredSquares.side(CIFAR10, share)).isEqualTo(squares[i]);
            assertThat(EtaWindows.side(CIFAR10, share)).isEqualTo(windows[i]);
        }
        assertThat(ColouredSquares.side(new Geometry(4, 100, 1, 2), 0.8)).as("as high as the image").isEqualTo(4);
    }

    @Test
    void startsWithVerticalStripes() {
        float[] clean = grey(SIZE, 0.5f);
        float[] image = new float[SIZE];
        new ColouredSquares(CIFAR10, 0.1f).start(new SplittableRandom(1), clean, 0, image, 0);
        TreeSet<Integer> seen = new TreeSet<>();
        for (int i = 0; i < SIZE; i++) {
            seen.add(Math.round(10_000 * image[i]));
        }
        assertThat(seen).containsExactly(4000, 6000);
        for (int row = 1; row < 32; row++) {
            assertThat(Arrays.copyOfRange(image, row * 96, row * 96 + 96)).isEqualTo(Arrays.copyOf(image, 96));
        }
    }

    @Test
    void movesOneSquareOfEachChannelToTheEdgeOfTheBall() {
        float[] clean = grey(SIZE, 0.5f);
        for (int seed = 0; seed < 50; seed++) {
            float[] image = clean.clone();
            new ColouredSquares(CIFAR10, 0.1f).propose(new SplittableRandom(seed), 0.05, clean, 0, image, 0);
            int changed = 0;
            int[] rows = new int[32];
            for (int i = 0; i < SIZE; i++) {
                if (image[i] != clean[i]) {
                    changed += Math.abs(Math.abs(image[i] - 0.5f) - 0.1f) < 1e-6f ? 1 : 0;
                    rows[i / 96]++;
                }
            }
            assertThat(changed).as("seed %d", seed).isEqualTo(7 * 7 * 3);
            assertThat(Arrays.stream(rows).filter(count -> count > 0).toArray()).as("seed %d", seed).hasSize(7).containsOnly(21);
        }
    }

    @Test
    void staysInTheBallAndInTheRangeOfImages() {
        for (Norm norm : Norm.values()) {
            for (Geometry geometry : new Geometry[] {CIFAR10, DIGITS, new Geometry(9, 6, 2, 3), new Geometry(3, 3, 1, 2)}) {
                SplittableRandom random = new SplittableRandom(3);
                float epsilon = norm == Norm.LINF ? 0.1f : 2;
                SquareProposal proposal = SquareProposal.of(norm, geometry, epsilon);
                int size = geometry.imageSize();
                float[] clean = new float[size + 1];
                for (int i = 0; i < clean.length; i++) {
                    clean[i] = (float) random.nextDouble();
                }
                float[] image = new float[size];
                proposal.start(random, clean, 1, image, 0);
                for (int query = 0; query < 300; query++) {
                    proposal.propose(random, SquareSchedule.share(query), clean, 1, image, 0);
                    assertThat(norm.distance(image, Arrays.copyOfRange(clean, 1, size + 1), 0, size))
                            .as("%s %s", norm, geometry).isLessThanOrEqualTo(epsilon * (1 + 1e-5));
                    float[] sorted = image.clone();
                    Arrays.sort(sorted);
                    assertThat(sorted[0]).isNotNegative();
                    assertThat(sorted[size - 1]).isLessThanOrEqualTo(1);
                }
            }
        }
    }

    @Test
    void hasHeapsOfOppositeSign() {
        // By hand: the upper heap is one row, 1/4, 5/4, 1/4; the lower two rows, 1/4 all around, 5/4 in the middle of the second.
        double upper = Math.sqrt(2 * (2.0 / 16 + 25.0 / 16));
        double lower = Math.sqrt(2 * (5.0 / 16 + 25.0 / 16));
        float[] expected = {
            (float) (0.25 / upper), (float) (1.25 / upper), (float) (0.25 / upper),
            (float) (-0.25 / lower), (float) (-0.25 / lower), (float) (-0.25 / lower),
            (float) (-0.25 / lower), (float) (-1.25 / lower), (float) (-0.25 / lower)};
        EtaWindow eta = EtaWindow.of(3);
        assertThat(eta.values()).usingComparatorWithPrecision(1e-6f).containsExactly(expected);
        assertThat(eta.at(0, 1, false)).isEqualTo(eta.at(1, 0, true)).isPositive();
        for (int side : new int[] {1, 5, 15, 29}) {
            assertThat(Norm.L2.length(EtaWindow.of(side).values(), 0, side * side)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void keepsTheNormWhileItMovesIt() {
        float[] clean = grey(SIZE, 0.5f);
        for (int seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            EtaWindows windows = new EtaWindows(CIFAR10, 0.5f);
            float[] image = new float[SIZE];
            windows.start(random, clean, 0, image, 0);
            for (int query = 0; query < 100; query++) {
                assertThat(Norm.L2.distance(image, clean, 0, SIZE)).as("seed %d", seed).isCloseTo(0.5, within(1e-5));
                windows.propose(random, 0.05, clean, 0, image, 0);
            }
        }
    }

    /** A window of 7 x 7 that is emptied gives its norm to another, and nothing else changes. */
    @Test
    void takesTheNormFromOneWindowToAnother() {
        float[] clean = grey(SIZE, 0.5f);
        EtaWindows windows = new EtaWindows(CIFAR10, 0.5f);
        float[] before = new float[SIZE];
        SplittableRandom random = new SplittableRandom(5);
        windows.start(random, clean, 0, before, 0);
        for (int query = 0; query < 60; query++) {
            // in the tiles at the start η may cancel what is there
            windows.propose(random, 0.05, clean, 0, before, 0);
        }
        for (int seed = 0; seed < 50; seed++) {
            float[] after = before.clone();
            windows.propose(new SplittableRandom(seed), 0.05, clean, 0, after, 0);
            int emptied = 0;
            int changed = 0;
            double gone = 0;
            double come = 0;
            for (int i = 0; i < SIZE; i++) {
                if (Math.abs(after[i] - before[i]) > 1e-6) {
                    changed++;
                    emptied += after[i] == 0.5f ? 1 : 0;
                    gone += (before[i] - 0.5) * (before[i] - 0.5);
                    come += (after[i] - 0.5) * (after[i] - 0.5);
                }
            }
            assertThat(come).as("seed %d", seed).isCloseTo(gone, within(1e-5));
            assertThat(changed).as("seed %d", seed).isLessThanOrEqualTo(2 * 7 * 7 * 3);
            assertThat(emptied).as("seed %d", seed).isLessThanOrEqualTo(7 * 7 * 3);
        }
    }

    private static float[] grey(int size, float value) {
        float[] image = new float[size];
        Arrays.fill(image, value);
        return image;
    }
}
