package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.Geometry;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.DataSets;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The run files that come with Sparring. */
class ShippedRunsTest {

    private static final Path RUNS = Path.of("..", "runs");

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(RUNS)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void canBeRun(Path file) {
        RunSpecification run = RunFile.read(file, Map.of(), Map.of());

        assertThat(DataSets.names()).contains(run.data().name());
        assertThat(ModelProgramBuilder.build(RunProgram.specification(run, geometry(run)))).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void areInTheJar(Path file) {
        assertThat(ShippedRunsTest.class.getResource("/runs/" + file.getFileName())).isNotNull();
    }

    private static Geometry geometry(RunSpecification run) {
        return run.data().name().equals("cifar10") ? new Geometry(32, 32, 3, 10) : new Geometry(28, 28, 1, 10);
    }
}
