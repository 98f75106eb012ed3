package io.sparring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What one cell of a study with one seed has ended with: a JSON file.
 *
 * @param program       what trained: sparring or yardstick
 * @param settings      every key of the run with its value
 * @param evaluation    how the final model was attacked
 * @param steps         batches applied to the final weights
 * @param images        that were evaluated: the first ones of the test split
 * @param accuracy      shares of them in [0, 1] by attack: clean, pgd20, and autoattack where it was run
 * @param correct       by attack, which of them are right under it: hexadecimal digits of {@link ImageBits}
 * @param staleness     what the training steps tell of it; null where another program trained
 * @param perception    the diagnostics of the run's own evaluation of the final weights, see docs/evaluation.md
 * @param seconds       by what they were spent on, those of processes that were ended before the cell was done included
 * @param machine       that evaluated, and trained
 * @param weightsSha256 of the final weights
 * @param dataSha256    of the test split
 * @param finishedAt    ISO 8601, UTC
 */
record CellResult(String study, String cell, long seed, String program, JsonNode settings, StudyEvaluation evaluation, long steps,
        int images, Map<String, Double> accuracy, Map<String, String> correct, StalenessSeen staleness,
        List<PerceptionFigures> perception, Map<String, Double> seconds, Machine machine, Map<String, String> versions,
        String weightsSha256, String dataSha256, String finishedAt) {

    /** Which images are right under an attack; null if that was not run. */
    boolean[] right(String attack) {
        String digits = correct.get(attack);
        return digits == null ? null : ImageBits.read(digits, images);
    }
}
