package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Geometry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.producer.LabeledImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how robust a model is. */
@Command(name = "evaluate", mixinStandardHelpOptions = true, description = {
        "Attacks a model's test images, outside a run, with AutoAttack or other attacks, and says how many it still classifies "
                + "rightly. What is done is kept in a file: the same command goes on where it was killed.",
        "docs/evaluation.md says what each figure means."})
final class EvaluateCommand implements Callable<Integer> {

    private static final Path STATES = Path.of(".sparring", "evaluate");

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private AttackOptions attack;

    @Option(names = "--dataset", paramLabel = "NAME",
            description = "The data set whose test images are attacked (default: the run's, with --run).")
    private String dataset;

    @Mixin
    private DataOptions data;

    @Option(names = "--image-size", paramLabel = "N",
            description = "Pixels that a folder's images are resized to (default: the run's, or those they have).")
    private Integer imageSize;

    @Option(names = "--images", paramLabel = "N", description = "How many test images, from the first (default: all).")
    private Integer count;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64",
            description = "How many images are attacked together at most (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private ExecutionOptions execution;

    @Option(names = "--checks", description = "Look for gradient masking too, which makes a figure look too good.")
    private boolean checks;

    @Option(names = "--check-images", paramLabel = "N", defaultValue = "200",
            description = "On how many images, from the first (default: ${DEFAULT-VALUE}).")
    private int checkImages;

    @Option(names = "--state", paramLabel = "FILE",
            description = "Where what is done is kept (default: a file in .sparring/evaluate named after model and data set).")
    private Path state;

    @Option(names = "--fresh", description = "Forget what is done of this model and data set.")
    private boolean fresh;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON too.")
    private Path json;

    @Option(names = "--robustbench", paramLabel = "FILE",
            description = "Write them in the form of RobustBench's model_info too; with --suite autoattack.")
    private Path robustBench;

    @Option(names = "--info", paramLabel = "KEY=VALUE", description = "What --robustbench is to say besides: link, name, authors, "
            + "additional_data, venue, architecture, reported, footnote; may be repeated.")
    private Map<String, String> info = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        check();
        ExecutionSettings settings = execution.settings();
        Optional<RunSpecification> run = model.run();
        String name = dataset != null ? dataset : run.map(specification -> specification.data().name()).orElseThrow(
                () -> new IllegalArgumentException("--dataset: 'none' is not allowed; allowed: the name of a data set"));
        LabeledImages test = data.dataSets().load(name, imageSize != null ? imageSize
                : run.map(specification -> specification.data().imageSize()).orElse(0)).heldOut();
        int images = count == null ? test.count() : count;
        Setting.between("--images", images, 1, test.count());
        Geometry geometry = ExportMeasurement.geometry(test);
        EvaluatedModel evaluated = model.open(geometry);
        evaluated.requireFitting(name, geometry);
        say(String.format(Locale.ROOT, "%s (%s), %,d of %,d test images of %s, %s, epsilon %s, seed %d", evaluated.name(),
                evaluated.architecture(), images, test.count(), name, attack.norm().key(), attack.epsilon(), attack.seed()));
        Path file = state != null ? state : STATES.resolve(ModelEvaluation.stateName(evaluated, test));
        if (fresh) {
            Files.deleteIfExists(file);
        }
        EvaluationReport report = new ModelEvaluation(attack, images, checks ? checkImages : 0, batch, settings)
                .run(evaluated, name, test, file, new EvaluationProgress(spec.commandLine().getOut(), System.console() != null,
                        Clock.systemUTC()), () -> { });
        EvaluationTable.lines(report.result(), "pgd" + attack.steps()).forEach(this::say);
        if (json != null) {
            ResultFile.write(json, report.json());
        }
        if (robustBench != null) {
            ResultFile.write(robustBench, report.robustBench(info));
        }
        return 0;
    }

    private void check() {
        attack.check();
        model.check();
        Setting.atLeast("--batch", batch, 1);
        Setting.atLeast("--check-images", checkImages, 1);
        Setting.require(robustBench == null || attack.runsAutoAttack(), "--robustbench", robustBench, "with --suite autoattack");
        Setting.require(robustBench != null || info.isEmpty(), "--info", info, "with --robustbench FILE");
        info.forEach((key, value) -> RobustBenchKey.named(key).value(value));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
