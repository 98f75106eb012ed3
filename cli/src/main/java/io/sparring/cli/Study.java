package io.sparring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs to be compared: cells, each with every seed.
 *
 * @param study    its name, and that of the folder with its results
 * @param title    of its part of the page
 * @param question what it is to answer, for the page
 * @param run      the run file that all cells begin with, from the study file's folder; null for the defaults
 * @param settings keys of the run file with the values that they have in all cells
 * @param seeds    of each cell
 * @param evaluate how what a cell ends with is evaluated; null for the standard
 * @param margin   a loss of robust accuracy that is still called none, above 0 and at most 1; null for 0.01
 * @param across   what the cells' labels are, for the picture
 * @param cells    by name, in their order
 */
record Study(String study, String title, String question, String run, Map<String, JsonNode> settings, List<Long> seeds,
        StudyEvaluation evaluate, Double margin, String across, Map<String, StudyCell> cells) {

    private static final double POINT = 0.01;

    Study {
        Setting.require(study != null && CellName.ALLOWED.matcher(study).matches(), "study", study, CellName.ALLOWED.pattern());
        Setting.require(seeds != null && !seeds.isEmpty() && new HashSet<>(seeds).size() == seeds.size(), "seeds", seeds,
                "one or more, each once");
        Setting.require(cells != null && !cells.isEmpty(), "cells", cells, "one or more");
        settings = settings == null ? Map.of() : settings;
        evaluate = evaluate == null ? StudyEvaluation.STANDARD : evaluate.or(StudyEvaluation.STANDARD);
        margin = margin == null ? (Double) POINT : margin;
        Setting.require(margin > 0 && margin <= 1, "margin", margin, "above 0 and at most 1");
        title = title == null ? study : title;
        question = question == null ? "" : question;
        across = across == null ? "" : across;
        Map<String, StudyCell> all = cells;
        cells.forEach((name, cell) -> {
            Setting.require(CellName.ALLOWED.matcher(name).matches(), "cells", name, CellName.ALLOWED.pattern());
            cell.comparedWith().ifPresent(other -> Setting.require(all.containsKey(other) && !other.equals(name),
                    "cells." + name + ".against", other, "another cell: " + String.join(", ", all.keySet())));
        });
    }

    /**
     * All that is to be run, the first seed of every cell before the second of any, so that comparisons are whole early.
     *
     * @param folder of the study file
     * @throws IllegalArgumentException naming the cell and the key that is wrong
     */
    List<StudyTask> tasks(Path folder) {
        List<StudyTask> tasks = new ArrayList<>();
        for (long seed : seeds) {
            cells.forEach((name, cell) -> tasks.add(task(folder, name, cell, seed)));
        }
        return tasks;
    }

    private StudyTask task(Path folder, String name, StudyCell cell, long seed) {
        CellName home = cell.same() == null ? new CellName(study, name) : CellName.parse("cells." + name + ".same", cell.same());
        Map<String, String> options = new LinkedHashMap<>();
        settings.forEach((key, value) -> options.put(key, text(value)));
        cell.settings().forEach((key, value) -> options.put(key, text(value)));
        options.put("seed", Long.toString(seed));
        options.put("run", (home.study() + "-" + home.cell() + "-" + seed).replace('+', '_'));
        options.putIfAbsent("log", "keep");
        try {
            // what the environment says belongs to no study: its results would not tell of it
            RunSpecification specification = RunFile.read(run == null ? null : folder.resolve(run), Map.of(), options);
            Setting.require(specification.data().batches() > 0, "data.batches", specification.data().batches(), "1 and above");
            StudyEvaluation evaluation = cell.evaluate() == null ? evaluate : cell.evaluate().or(evaluate);
            evaluation.attack(specification);
            return new StudyTask(study, name, home, cell.program(), seed, specification, evaluation);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cells." + name + ": " + e.getMessage(), e);
        }
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
