package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackResult;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.ProgramSpecification;
import io.sparring.learning.Tensors;
import io.sparring.learning.TrainingLosses;
import io.sparring.learning.TrainingParameters;
import io.sparring.learning.TrainingView;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.DataSetGeometry;
import io.sparring.producer.DataSets;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The run files that come with Sparring, as many at a time as there are cores: most of it is building graphs, by one thread each. */
@Execution(ExecutionMode.CONCURRENT)
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

    /** A cell for each data set, objective and norm of the paper's main table, and RPAT++ on its two networks. */
    @Test
    void everyCellOfThePaperIsThere() throws IOException {
        Set<String> expected = new TreeSet<>(Set.of("cifar10-preactresnet18-rpat++-linf", "cifar10-wideresnet-34-10-rpat++-linf"));
        for (String data : List.of("cifar10", "cifar100", "tiny-imagenet")) {
            for (String objective : List.of("pgd-at", "trades", "mart", "consistency")) {
                for (String norm : List.of("linf", "l2")) {
                    expected.add(data + "-resnet18-" + objective + "-" + norm);
                    expected.add(data + "-resnet18-" + objective + "+rpat-" + norm);
                }
            }
        }
        assertThat(cells().stream().map(file -> file.getFileName().toString().replace(".yaml", "")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Narrow, and attacked by one step, so that all of them take a minute or so. */
    @ParameterizedTest
    @MethodSource("cells")
    void aCellOfThePaperTakesATrainingStep(Path file) throws IOException {
        assertThat(file.getFileName().toString()).startsWith(RunFile.read(file, Map.of(), Map.of()).data().name());
        RunSpecification run = RunFile.read(file, Map.of(), Map.of("network.width", "4", "attack.steps", "1",
                "evaluation.steps", "1"));
        ProgramSpecification specification = RunProgram.specification(run, geometry(run));
        assertThat(file.getFileName().toString()).contains("-" + run.objective().name() + "-" + run.attack().norm());
        int[] labels = {0, 1, 2, 3};
        float[] images = new float[labels.length * specification.geometry().imageSize()];
        Random random = new Random(1);
        for (int i = 0; i < images.length; i++) {
            images[i] = random.nextFloat();
        }
        try (ModelProgram program = ModelProgram.load(ModelProgramBuilder.build(specification), new ExecutionSettings(1, 1))) {
            Tensors drawn = InitialWeights.draw(specification, run.seed());
            program.assign(drawn);
            AttackResult attacked = program.attack(AttackSettings.NAME, images, labels, 7, run.attack().epsilon(),
                    run.attack().stepSize());
            TrainingLosses losses = program.train(Collections.nCopies(program.views(),
                    new TrainingView(images, attacked.perturbed())), labels, new TrainingParameters(
                            run.optimizer().learningRate(), run.objective().lambda(), run.objective().beta(),
                            run.objective().averaging()));
            assertThat(losses.allFinite()).isTrue();
            assertThat(program.weights()).isNotEqualTo(drawn);
        }
    }

    static List<Path> cells() throws IOException {
        try (Stream<Path> files = Files.list(RUNS.resolve("paper"))) {
            return files.sorted().toList();
        }
    }

    private static Geometry geometry(RunSpecification run) {
        DataSetGeometry images = DataSets.geometry(run.data().name()).orElseThrow();
        return new Geometry(images.height(), images.width(), images.channels(), images.classes());
    }
}
