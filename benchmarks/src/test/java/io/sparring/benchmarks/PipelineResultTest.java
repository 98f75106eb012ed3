package io.sparring.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sparring.learning.Precision;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelineResultTest {

    /** A machine that slows down to a half, and a run that takes a tenth all the time. */
    @Test
    void aMachineThatGetsSlowerIsNoTax() {
        PipelineResult result = new PipelineResult(StepNetwork.CNN4, Precision.FLOAT32,
                Map.of("2x1", List.of(bare(100), bare(80), bare(60), bare(50)), "1x2", List.of(bare(70), bare(56), bare(42), bare(35))),
                List.of(run(81), run(63), run(49.5)));
        assertThat(result.tax()).isCloseTo(10, within(1e-9));
        assertThat(result.table()).contains("tax 10.0 %; of the rounds 10.0, 10.0, 10.0");
    }

    @Test
    void theTaxIsTheMedianOfTheRounds() {
        PipelineResult result = new PipelineResult(StepNetwork.CNN4, Precision.FLOAT32,
                Map.of("2x1", List.of(bare(100), bare(100), bare(100), bare(100))), List.of(run(104), run(97), run(60)));
        assertThat(result.tax()).isCloseTo(3, within(1e-9));
    }

    private static StepFigures bare(double imagesPerSecond) {
        return new StepFigures(0, 0, imagesPerSecond, 0.01);
    }

    private static PipelineFigures run(double imagesPerSecond) {
        Map<String, Double> quantiles = Map.of("p50", 1.0);
        return new PipelineFigures(imagesPerSecond, 0.01, Map.of("broker", 0.001), 2650, 1260, quantiles, quantiles, quantiles);
    }
}
