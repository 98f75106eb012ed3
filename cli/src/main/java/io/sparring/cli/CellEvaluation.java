package io.sparring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.pipeline.RunFile;
import io.sparring.producer.LabeledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Evaluates the model that a cell ends with as `sparring evaluate` does, and makes the cell's result of it. */
final class CellEvaluation {

    /** The file in a cell's folder with how far its evaluation has come. */
    static final String STATE = "evaluation.jsonl";
    private static final int BATCH = 64;

    private final ExecutionSettings settings;
    private final EvaluationProgress progress;
    private final Stop stop;
    private final Clock clock;

    CellEvaluation(ExecutionSettings settings, EvaluationProgress progress, Stop stop, Clock clock) {
        this.settings = settings;
        this.progress = progress;
        this.stop = stop;
        this.clock = clock;
    }

    /**
     * What training has told, beside the weights.
     *
     * @param weightsSha256 of the final weights
     * @param seconds       that it took
     * @param versions      of what trained and evaluated
     */
    record Trained(long steps, String weightsSha256, StalenessSeen staleness, List<PerceptionFigures> perception, double seconds,
            Map<String, String> versions) {
    }

    /** Nothing if it was stopped before its end; what was done until then is kept in the folder. */
    Optional<CellResult> run(StudyTask task, EvaluatedModel model, LabeledImages test, Path folder, Trained trained)
            throws IOException {
        EvaluationReport report;
        try {
            report = new ModelEvaluation(task.evaluation().attack(task.run()), task.evaluation().images(), 0, BATCH, settings)
                    .run(model, task.run().data().name(), test, folder.resolve(STATE), progress, stop::check);
        } catch (Stop.StoppedException e) {
            return Optional.empty();
        }
        EvaluationResult result = report.result();
        Map<String, boolean[]> right = right(result, "pgd" + report.attack().steps());
        Map<String, Double> accuracy = new LinkedHashMap<>();
        Map<String, String> correct = new LinkedHashMap<>();
        right.forEach((attack, images) -> {
            accuracy.put(attack, share(images));
            correct.put(attack, ImageBits.write(images));
        });
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("training", rounded(trained.seconds()));
        result.seconds().forEach((attack, took) -> seconds.put(attack, rounded(took)));
        JsonNode specification = new ObjectMapper().readTree(RunFile.toJson(task.run()));
        return Optional.of(new CellResult(task.home().study(), task.home().cell(), task.seed(), task.program(), specification,
                task.evaluation(), trained.steps(), result.images(), accuracy, correct, trained.staleness(), trained.perception(), seconds,
                Machine.here(), trained.versions(), trained.weightsSha256(), report.datasetSha256(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    /** Which images are right, by attack. */
    static Map<String, boolean[]> right(EvaluationResult result, String pgd) {
        Map<String, boolean[]> right = new LinkedHashMap<>();
        result.pgd().ifPresent(attacked -> {
            right.put(AttackSuite.CLEAN, which(attacked.states(), CellEvaluation::rightWhenClean));
            right.put(pgd, which(attacked.states(), state -> state.fooledBy().isEmpty()));
        });
        if (result.whole()) {
            right.put(AttackOptions.AUTO_ATTACK, which(result.states(), state -> state.fooledBy().isEmpty()));
        }
        return right;
    }

    private static boolean rightWhenClean(ImageState state) {
        return state.fooledBy().filter(AttackSuite.CLEAN::equals).isEmpty();
    }

    private static boolean[] which(List<ImageState> states, Predicate<ImageState> holds) {
        boolean[] images = new boolean[states.size()];
        for (int i = 0; i < images.length; i++) {
            images[i] = holds.test(states.get(i));
        }
        return images;
    }

    private static double share(boolean[] images) {
        int count = 0;
        for (boolean image : images) {
            count += image ? 1 : 0;
        }
        return (double) count / images.length;
    }

    private static double rounded(double seconds) {
        return Math.round(10 * seconds) / 10.0;
    }
}
