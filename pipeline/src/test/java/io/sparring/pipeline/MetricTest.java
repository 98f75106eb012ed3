package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MetricTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void namesAreSparringsAndDiffer() {
        assertThat(Arrays.stream(Metric.values()).map(Metric::meterName)).doesNotHaveDuplicates()
                .allMatch(name -> name.matches("sparring(\\.[a-z]+)+"));
        assertThat(Metric.values()).allSatisfy(metric -> assertThat(metric.description()).doesNotEndWith(".").isNotBlank());
    }

    @Test
    void hasTheTagsThatTheCatalogSays() {
        Metric.DEAD_LETTERS.counter(meters, "r.clean-batches").increment();
        assertThat(meters.get("sparring.dead.letters").tag("topic", "r.clean-batches").counter().count()).isEqualTo(1);
        assertThatThrownBy(() -> Metric.DEAD_LETTERS.counter(meters))
                .hasMessage("sparring.dead.letters: 0 values of tags; allowed: one for each of [topic]");
    }

    @Test
    void isOfTheKindThatTheCatalogSays() {
        assertThatThrownBy(() -> Metric.LOSS.counter(meters)).hasMessage("sparring.loss: COUNTER is not allowed; allowed: GAUGE");
    }
}
