package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a grid of runs and compares what they end with. */
@Command(name = "study", mixinStandardHelpOptions = true, description = {
        "Runs the cells of a study, each with every seed: trains each through a local broker as the quickstart does, evaluates "
                + "its last update as `sparring evaluate` does, and writes a JSON file. What is there is not run again, and a cell "
                + "that was ended half way goes on from its log. Exit code 1 if a cell failed.",
        "docs/running.md says what a study file is."})
final class StudyCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The study, or several to be run one after the other.")
    private List<Path> files;

    @Option(names = "--only", split = ",", paramLabel = "CELL[,CELL...]",
            description = "These cells alone, with all seeds, or with one: staleness-4, staleness-4-1.")
    private List<String> only = List.of();

    @Option(names = "--list", description = "Run nothing: list the cells and which of them are there.")
    private boolean list;

    @Option(names = "--report", description = "Run nothing: make the page of what is there.")
    private boolean report;

    @Option(names = "--page", paramLabel = "FILE", defaultValue = "docs/results.md",
            description = "Where --report writes the page, with its pictures in a folder beside it (default: ${DEFAULT-VALUE}).")
    private Path page;

    @Option(names = "--for", paramLabel = "TIME", converter = TimeBudget.class,
            description = "Stop after so long, such as 40m or 1h30m, so that the same command goes on from there.")
    private Duration budget;

    @Option(names = "--results", paramLabel = "DIR",
            description = "Where the JSON files are: DIR/<study>/<cell>-<seed>.json (default: results beside the study file).")
    private Path results;

    @Option(names = "--work", paramLabel = "DIR", defaultValue = ".sparring/study",
            description = "Where each cell has its broker's data, logs and exported model (default: ${DEFAULT-VALUE}).")
    private Path work;

    @Option(names = "--keep", description = "Keep the broker's data of cells that are done; they are deleted otherwise.")
    private boolean keep;

    @Option(names = "--attackers", paramLabel = "N",
            description = "Attacker processes (default: one a core, up to the partitions).")
    private Integer attackers;

    @Option(names = "--yardstick", paramLabel = "PYTHON",
            description = "An interpreter with what --yardstick-script needs, for the cells whose program is yardstick.")
    private String python;

    @Option(names = "--yardstick-script", paramLabel = "FILE", description = "Called with train and the cell's settings as "
            + "options, such as --network cnn4 --objective rpat --steps N --seed S --out FILE; writes PyTorch's state of a network.")
    private Path script;

    @Mixin
    private DataOptions data;

    @Mixin
    private ExecutionOptions execution;

    @Override
    public Integer call() throws Exception {
        check();
        Map<Path, Study> studies = new LinkedHashMap<>();
        files.forEach(file -> studies.put(file, StudyFile.read(file)));
        if (report) {
            List<StudyFindings> findings = new ArrayList<>();
            for (Map.Entry<Path, Study> study : studies.entrySet()) {
                findings.add(StudyFindings.of(study.getValue(), folder(study.getKey()), results(study.getKey())));
            }
            new StudyPage(page).write(findings);
            say("written: " + page);
            return 0;
        }
        Map<Path, List<StudyTask>> tasks = new LinkedHashMap<>();
        studies.forEach((file, study) -> tasks.put(file, chosen(study.tasks(folder(file)))));
        for (String name : only) {
            Setting.require(tasks.values().stream().flatMap(List::stream)
                    .anyMatch(task -> name.equals(task.cell()) || name.equals(task.name())), "--only", name,
                    "names of cells, with or without a seed; --list has them");
        }
        return list ? list(tasks) : run(tasks);
    }

    private void check() {
        Setting.require(!list || !report, "--list and --report", "both", "one of them");
        Setting.atLeast("--attackers", attackers == null ? 1 : attackers, 1);
        Setting.require((python == null) == (script == null), "--yardstick", python,
                "both of --yardstick PYTHON and --yardstick-script FILE, or none");
        Setting.require(script == null || Files.isReadable(script), "--yardstick-script", script, "a file that can be read");
    }

    private static Path folder(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private CellResults results(Path file) {
        return new CellResults(results != null ? results : folder(file).resolve("results"));
    }

    private List<StudyTask> chosen(List<StudyTask> tasks) {
        return tasks.stream().filter(task -> only.isEmpty() || only.contains(task.cell()) || only.contains(task.name())).toList();
    }

    private int list(Map<Path, List<StudyTask>> tasks) throws IOException {
        TextTable table = new TextTable("study", "cell", "state");
        for (Map.Entry<Path, List<StudyTask>> entry : tasks.entrySet()) {
            for (StudyTask task : entry.getValue()) {
                String state;
                try {
                    state = results(entry.getKey()).of(task).isPresent() ? "done"
                            : Files.exists(work.resolve(task.place())) ? "begun" : "to be run";
                } catch (IllegalArgumentException e) {
                    state = e.getMessage();
                }
                table.row(task.study(), task.name(), state);
            }
        }
        table.lines().forEach(this::say);
        return 0;
    }

    private int run(Map<Path, List<StudyTask>> tasks) throws IOException, InterruptedException {
        for (List<StudyTask> each : tasks.values()) {
            each.stream().filter(task -> task.program().equals(StudyCell.YARDSTICK)).forEach(task -> Setting.require(
                    python != null, "--yardstick", "none", "given, for the cell " + task.cell() + ", or --only with others"));
        }
        ExecutionSettings settings = execution.settings();
        Stop stop = new Stop();
        CountDownLatch done = new CountDownLatch(1);
        boolean[] interrupted = {false};
        // Ctrl-C ends the cell as the budget does, and waits until it has
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupted[0] = true;
            stop.stop();
            QuickstartCommand.await(done);
        }, "study-stop"));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "study-budget");
            thread.setDaemon(true);
            return thread;
        });
        if (budget != null) {
            timer.schedule(stop::stop, budget.toMillis(), TimeUnit.MILLISECONDS);
        }
        List<String> failed = new ArrayList<>();
        try {
            for (Map.Entry<Path, List<StudyTask>> entry : tasks.entrySet()) {
                failed.addAll(new StudyRun(entry.getValue(), results(entry.getKey()), programs(settings, stop), stop, this::say)
                        .run());
            }
        } finally {
            timer.shutdownNow();
            done.countDown();
        }
        if (!failed.isEmpty()) {
            spec.commandLine().getErr().println("sparring: failed: " + String.join(", ", failed));
        }
        return !failed.isEmpty() ? 1 : interrupted[0] ? INTERRUPTED : 0;
    }

    private Map<String, CellProgram> programs(ExecutionSettings settings, Stop stop) {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = work.toAbsolutePath().normalize();
        CellEvaluation evaluation = new CellEvaluation(settings, new EvaluationProgress(out, false, Clock.systemUTC()), stop,
                Clock.systemUTC());
        Map<String, CellProgram> programs = new LinkedHashMap<>();
        programs.put(StudyCell.SPARRING, new SparringCell(folder, data,
                attackers == null ? Runtime.getRuntime().availableProcessors() : attackers, keep, out, stop, evaluation));
        if (python != null) {
            programs.put(StudyCell.YARDSTICK, new YardstickCell(python, script, folder, data, stop, evaluation));
        }
        return programs;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
