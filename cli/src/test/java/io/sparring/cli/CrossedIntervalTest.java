package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrossedIntervalTest {

    private static final double[][] THREE_BY_FOUR = {{1, 0, 1, 1}, {1, 0, 0, 1}, {0, 0, 1, 1}};

    /** Mean squares 1/12 of seeds, 19/36 of images, 7/36 residual, so that the mean's variance is 5/144, with 50 degrees. */
    @Test
    void isTheAnalysisOfVarianceOfSeedsAndImages() {
        CrossedInterval found = CrossedInterval.of(THREE_BY_FOUR);
        assertThat(found.mean()).isCloseTo(7 / 12.0, within(1e-12));
        assertThat(found.degreesOfFreedom()).isCloseTo(50, within(1e-9));
        double half = 2.008559112 * Math.sqrt(5 / 144.0);
        assertThat(found.lower()).isCloseTo(7 / 12.0 - half, within(1e-8));
        assertThat(found.upper()).isCloseTo(7 / 12.0 + half, within(1e-8));
        assertThat(found.seeds()).isEqualTo(3);
        assertThat(found.images()).isEqualTo(4);
    }

    /** Where images do not differ, it is Student's t of the seeds' means. */
    @Test
    void isStudentsTOfSeedsWhereImagesAreAlike() {
        CrossedInterval found = CrossedInterval.of(new double[][] {{1, 1, 1}, {2, 2, 2}, {4, 4, 4}});
        assertThat(found.degreesOfFreedom()).isCloseTo(2, within(1e-9));
        double half = 4.302652730 * Math.sqrt(7 / 3.0 / 3);
        assertThat(found.lower()).isCloseTo(7 / 3.0 - half, within(1e-8));
    }

    /** Where seeds do not differ, neither of them adds anything: it is that of the images. */
    @Test
    void isThatOfTheImagesWhereSeedsAreAlike() {
        double[] images = {1, 0, 0, -1, 1, 0};
        CrossedInterval three = CrossedInterval.of(new double[][] {images, images, images});
        CrossedInterval one = CrossedInterval.of(new double[][] {images});
        double deviation = Math.sqrt((3 - 6 / 36.0) / 5);
        assertThat(one.upper()).isCloseTo(1 / 6.0 + 1.959963985 * deviation / Math.sqrt(6), within(1e-8));
        assertThat(three.lower()).isCloseTo(one.lower(), within(1e-12));
        assertThat(three.degreesOfFreedom()).isInfinite();
    }

    @Test
    void isEmptyWhereNothingDiffers() {
        CrossedInterval found = CrossedInterval.of(new double[2][5]);
        assertThat(new double[] {found.mean(), found.lower(), found.upper()}).containsOnly(0);
    }

    /** Of 2,000 intervals over made seeds and images, each with an effect of its own, about 95 % hold the mean. */
    @Test
    void holdsTheMeanAsOftenAsItSays() {
        long seed = 7;
        Random random = new Random(seed);
        int held = 0;
        int turns = 2_000;
        for (int turn = 0; turn < turns; turn++) {
            double[][] values = new double[3][100];
            double[] image = random.doubles(100).map(any -> 0.5 * random.nextGaussian()).toArray();
            for (double[] row : values) {
                double effect = 0.03 * random.nextGaussian();
                Arrays.setAll(row, i -> 2 + effect + image[i] + 0.3 * random.nextGaussian());
            }
            CrossedInterval found = CrossedInterval.of(values);
            held += found.lower() <= 2 && found.upper() >= 2 ? 1 : 0;
        }
        assertThat(held / (double) turns).as("seed %d", seed).isBetween(0.93, 0.98);
    }

    @Test
    void ofRatiosIsStudentsTOfTheirLogarithms() {
        RatioInterval found = RatioInterval.of(List.of(1.0, Math.E, Math.E * Math.E));
        assertThat(found.mean()).isCloseTo(Math.E, within(1e-12));
        assertThat(found.upper()).isCloseTo(Math.exp(1 + 4.302652730 / Math.sqrt(3)), within(1e-6));
        assertThat(found.lower()).isCloseTo(Math.exp(1 - 4.302652730 / Math.sqrt(3)), within(1e-8));
        assertThat(RatioInterval.of(List.of(2.0)).lower()).isNaN();
    }

    @Test
    void ofRatiosIsBesideOneWithTheWholeOfIt() {
        assertThat(RatioInterval.of(List.of(1.2, 1.21, 1.22)).besideOne()).isEqualTo("above 1");
        assertThat(RatioInterval.of(List.of(0.8, 0.81, 0.82)).besideOne()).isEqualTo("below 1");
        assertThat(RatioInterval.of(List.of(0.8, 1.3, 1.4)).besideOne()).isEqualTo("not decided");
        assertThat(RatioInterval.of(List.of(2.0)).besideOne()).as("one seed").isEqualTo("not decided");
    }

    @Test
    void decidesOnlyWhatLiesOnOneSideOfTheMargin() {
        assertThat(Verdict.of(difference(-0.008, 0.01, 3), 0.01)).isEqualTo(Verdict.WITHIN);
        assertThat(Verdict.of(difference(-0.03, -0.011, 3), 0.01)).isEqualTo(Verdict.BEYOND);
        assertThat(Verdict.of(difference(-0.03, -0.009, 3), 0.01)).isEqualTo(Verdict.NOT_DECIDED);
        assertThat(Verdict.of(difference(-0.01, 0.02, 3), 0.01)).as("on the margin").isEqualTo(Verdict.NOT_DECIDED);
        assertThat(Verdict.of(difference(0.001, 0.002, 1), 0.01)).as("one seed").isEqualTo(Verdict.NOT_DECIDED);
    }

    private static CrossedInterval difference(double lower, double upper, int seeds) {
        return new CrossedInterval((lower + upper) / 2, lower, upper, 2, seeds, 1000);
    }
}
