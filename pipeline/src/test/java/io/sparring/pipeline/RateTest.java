package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateTest {

    private final SettableClock clock = new SettableClock(1_000_000);
    private final Rate rate = new Rate(clock);

    @Test
    void isNoughtBeforeAnyTimeHasPassed() {
        assertThat(rate.perSecond()).isZero();
        rate.add(100);
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void atFirstCountsOverTheTimeSinceTheStart() {
        clock.forward(500);
        rate.add(100);
        assertThat(rate.perSecond()).isEqualTo(200);
        clock.forward(1_500);
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    @Test
    void laterCountsOverTheLastTenSeconds() {
        clock.forward(60_000);
        rate.add(100);
        assertThat(rate.perSecond()).isEqualTo(10);
        clock.forward(9_999);
        rate.add(50);
        assertThat(rate.perSecond()).isEqualTo(15);
        clock.forward(1);
        assertThat(rate.perSecond()).as("the first is ten seconds old").isEqualTo(5);
        clock.forward(10_000);
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void aClockThatIsSetBackDoesNotMakeItNegative() {
        rate.add(5);
        clock.forward(-3_000);
        assertThat(rate.perSecond()).isZero();
    }

    @Test
    void aClockThatIsSetBackForLongDoesNotAddUpWhatComesMeanwhile() {
        clock.forward(3_600_000);
        rate.add(5);
        clock.forward(-1_800_000);
        for (int i = 0; i < 60; i++) {
            clock.forward(1_000);
            rate.add(7);
        }
        assertThat(rate.perSecond()).isEqualTo(7);
        assertThat(rate.held()).isEqualTo(10);
    }

    @Test
    void holdsNoMoreThanItsWindowThoughNobodyAsks() {
        for (int i = 0; i < 10_000; i++) {
            clock.forward(20);
            rate.add(1);
            assertThat(rate.held()).isLessThanOrEqualTo(10_000 / 20);
        }
        assertThat(rate.perSecond()).isEqualTo(50);
    }

    @Test
    void isTheMeanOfTheWindowWhateverCame() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SettableClock time = new SettableClock(0);
            Rate measured = new Rate(time);
            List<long[]> events = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                time.forward(random.nextInt(400));
                long count = random.nextInt(256);
                measured.add(count);
                events.add(new long[] {time.millis(), count});
                if (random.nextInt(5) == 0) {
                    long now = time.millis();
                    long sum = events.stream().filter(event -> event[0] > now - 10_000).mapToLong(event -> event[1]).sum();
                    double expected = now == 0 ? 0 : sum * 1000.0 / Math.min(10_000, now);
                    assertThat(measured.perSecond()).as("seed %d, event %d", seed, i).isEqualTo(expected, within(1e-9));
                }
            }
        }
    }
}
