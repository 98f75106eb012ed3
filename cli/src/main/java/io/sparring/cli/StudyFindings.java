package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A study and what has been run of it.
 *
 * @param planned how many cells and seeds there are together
 * @param cells   those of which something has been run, by name, in the study's order
 * @param other   files of results that are of other settings than the study's
 */
record StudyFindings(Study study, int planned, Map<String, CellSeeds> cells, List<String> other) {

    /** @param folder of the study file */
    static StudyFindings of(Study study, Path folder, CellResults results) throws IOException {
        List<StudyTask> tasks = study.tasks(folder);
        Map<String, List<CellResult>> found = new LinkedHashMap<>();
        study.cells().keySet().forEach(name -> found.put(name, new ArrayList<>()));
        List<String> other = new ArrayList<>();
        for (StudyTask task : tasks) {
            try {
                results.of(task).ifPresent(found.get(task.cell())::add);
            } catch (IllegalArgumentException e) {
                other.add(e.getMessage());
            }
        }
        Map<String, CellSeeds> cells = new LinkedHashMap<>();
        found.forEach((name, of) -> {
            if (!of.isEmpty()) {
                cells.put(name, new CellSeeds(name, study.cells().get(name), of));
            }
        });
        return new StudyFindings(study, tasks.size(), cells, other);
    }

    /** How many cells and seeds have been run. */
    int run() {
        return cells.values().stream().mapToInt(cell -> cell.results().size()).sum();
    }

    /** The attacks of all results: clean, PGD, AutoAttack. */
    List<String> attacks() {
        TreeSet<String> named = new TreeSet<>();
        cells.values().forEach(cell -> cell.results().forEach(result -> named.addAll(result.correct().keySet())));
        return Stream.of(Stream.of(AttackOptions.CLEAN), named.stream().filter(name -> name.startsWith("pgd")),
                Stream.of(AttackOptions.AUTO_ATTACK)).flatMap(names -> names).filter(named::contains).toList();
    }

    /** Of every cell that has another to be compared with. */
    List<Comparison> comparisons() {
        return cells.values().stream().flatMap(cell -> comparison(cell).stream()).toList();
    }

    /** Nothing unless both have been run, and have been under an attack with the same seeds and images. */
    Optional<Comparison> comparison(CellSeeds cell) {
        return cell.cell().comparedWith().map(cells::get).flatMap(other -> comparison(cell, other));
    }

    private Optional<Comparison> comparison(CellSeeds cell, CellSeeds other) {
        List<String> attacks = attacks();
        for (int i = attacks.size() - 1; i > 0; i--) {
            Optional<CrossedInterval> difference = cell.difference(attacks.get(i), other);
            if (difference.isPresent()) {
                return Optional.of(new Comparison(cell, other, attacks.get(i), difference.get(),
                        Verdict.of(difference.get(), study.margin())));
            }
        }
        return Optional.empty();
    }

    /**
     * A cell beside the one that it is compared with.
     *
     * @param attack     by which is decided: the strongest that both have been under
     * @param difference of the two under it
     */
    record Comparison(CellSeeds cell, CellSeeds against, String attack, CrossedInterval difference, Verdict verdict) {
    }
}
