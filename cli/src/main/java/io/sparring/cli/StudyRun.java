package io.sparring.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs what of a study has not been run yet, one cell after another. One that fails does not keep the others from their turn. */
final class StudyRun {

    private final List<StudyTask> tasks;
    private final CellResults results;
    private final Map<String, CellProgram> programs;
    private final Stop stop;
    private final Consumer<String> say;
    private final List<String> failed = new ArrayList<>();

    /**
     * @param tasks    in their order
     * @param programs by {@link StudyTask#program}
     */
    StudyRun(List<StudyTask> tasks, CellResults results, Map<String, CellProgram> programs, Stop stop, Consumer<String> say) {
        this.tasks = tasks;
        this.results = results;
        this.programs = programs;
        this.stop = stop;
        this.say = say;
    }

    /**
     * Runs until all is done, or it is stopped.
     *
     * @return the cells that failed
     * @throws IllegalArgumentException before anything is run, when a result is of other settings than its cell
     */
    List<String> run() throws IOException, InterruptedException {
        List<StudyTask> left = new ArrayList<>();
        for (StudyTask task : tasks) {
            if (results.of(task).isEmpty()) {
                left.add(task);
            }
        }
        say.accept(String.format("%d of %d cells are there", tasks.size() - left.size(), tasks.size()));
        for (StudyTask task : left) {
            if (stop.isStopped()) {
                say.accept(task.name() + " and what comes after it is left; the same command goes on from here");
                break;
            }
            // another command may have run it meanwhile, with another --work
            if (results.of(task).isPresent()) {
                say.accept(task.name() + " is there now");
            } else {
                run(task);
            }
        }
        return failed;
    }

    private void run(StudyTask task) throws IOException, InterruptedException {
        say.accept(task.name() + ":");
        CellProgram program = programs.get(task.program());
        try {
            Optional<CellResult> result = program.run(task);
            if (result.isPresent()) {
                results.write(task, result.get());
                program.finish(task);
                say.accept(task.name() + " is done: " + results.file(task));
            } else {
                say.accept(task.name() + " is stopped; the same command goes on from here");
            }
        } catch (RuntimeException | IOException e) {
            failed.add(task.name());
            say.accept(task.name() + " has failed: " + e.getMessage());
        }
    }
}
