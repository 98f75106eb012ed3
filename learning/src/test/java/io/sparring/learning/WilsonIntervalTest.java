package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonIntervalTest {

    /** 81 of 263, 15 of 148, 0 of 20 and 1 of 29: R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3. */
    @ParameterizedTest
    @CsvSource({"81, 263, 0.2553, 0.3662", "15, 148, 0.0624, 0.1605", "0, 20, 0, 0.1611", "1, 29, 0.0061, 0.1718",
        "0, 10, 0, 0.2775", "5, 10, 0.2366, 0.7634", "10, 10, 0.7225, 1", "500, 1000, 0.4691, 0.5309"})
    void agreesWithPublishedValues(long successes, long trials, double lower, double upper) {
        WilsonInterval interval = WilsonInterval.of(successes, trials);
        assertThat(interval.lower()).isCloseTo(lower, within(6e-5));
        assertThat(interval.upper()).isCloseTo(upper, within(6e-5));
    }

    @Test
    void holdsTheShareAndStaysAProportion() {
        for (long trials : new long[] {1, 2, 3, 17, 2000, 1_000_000}) {
            for (long successes = 0; successes <= trials; successes += Math.max(1, trials / 50)) {
                WilsonInterval interval = WilsonInterval.of(successes, trials);
                double share = (double) successes / trials;
                assertThat(interval.lower()).as("%d of %d", successes, trials).isBetween(0.0, share);
                assertThat(interval.upper()).as("%d of %d", successes, trials).isBetween(share, 1.0);
            }
        }
    }

    @Test
    void successAndFailureAreMirrored() {
        WilsonInterval few = WilsonInterval.of(3, 40);
        WilsonInterval many = WilsonInterval.of(37, 40);
        assertThat(many.lower()).isCloseTo(1 - few.upper(), within(1e-12));
        assertThat(many.upper()).isCloseTo(1 - few.lower(), within(1e-12));
    }
}
