package io.sparring.cli;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One cell of a study with one seed.
 *
 * @param home       where its results are kept: its study and cell, unless it is the same as another's
 * @param program    what trains: {@link StudyCell#SPARRING} or {@link StudyCell#YARDSTICK}
 * @param run        with the cell's settings and the seed
 * @param evaluation without gaps
 */
record StudyTask(String study, String cell, CellName home, String program, long seed, RunSpecification run,
        StudyEvaluation evaluation) {

    /** Its name within the study. */
    String name() {
        return cell + "-" + seed;
    }

    /** Its part of a folder for all studies. */
    Path place() {
        return Path.of(home.study(), home.cell() + "-" + seed);
    }

    /** In what a result's settings are others than these; the run's name, which changes nothing, does not count. */
    List<String> differences(CellResult result) {
        List<String> keys = new ArrayList<>(RunFile.differences(run, RunFile.fromJson(result.settings().toString())));
        keys.remove("run");
        if (!evaluation.equals(result.evaluation())) {
            keys.add("evaluate");
        }
        if (!program.equals(result.program())) {
            keys.add("program");
        }
        return keys;
    }
}
