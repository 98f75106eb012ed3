package io.sparring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sparring.pipeline.Setting;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One cell of a study's grid: what is run with each of its seeds.
 *
 * @param group    the curve that it is part of, such as the objective
 * @param label    where it is on that curve, such as a staleness
 * @param against  the cell that it is compared with; null for none
 * @param same     STUDY/CELL, whose results are this cell's too, so that it is run once; null for results of its own
 * @param program  sparring, or yardstick for the program that the command names
 * @param settings keys of the run file with the values that they have here
 * @param evaluate what is other than in the study; null for nothing
 */
record StudyCell(String group, String label, String against, String same, String program, Map<String, JsonNode> settings,
        StudyEvaluation evaluate) {

    static final String SPARRING = "sparring";
    static final String YARDSTICK = "yardstick";

    StudyCell {
        program = program == null ? SPARRING : program;
        Setting.oneOf("program", program, List.of(SPARRING, YARDSTICK));
        settings = settings == null ? Map.of() : settings;
    }

    Optional<String> comparedWith() {
        return Optional.ofNullable(against);
    }

    boolean isYardstick() {
        return program.equals(YARDSTICK);
    }
}
