package io.sparring.cli;

import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.DataSet;
import io.sparring.producer.DataSets;
import io.sparring.trainer.RunProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Trains cells with Sparring itself, through a broker, as a quickstart does. A cell that was stopped goes on from its log. */
final class SparringCell implements CellProgram {

    private final Path work;
    private final DataOptions data;
    private final int attackers;
    private final boolean keep;
    private final PrintWriter out;
    private final Stop stop;
    private final CellEvaluation evaluation;

    /**
     * @param work      where each cell has a folder for as long as it is not done
     * @param attackers processes that craft
     * @param keep      whether the broker's data stay there after that
     */
    SparringCell(Path work, DataOptions data, int attackers, boolean keep, PrintWriter out, Stop stop,
            CellEvaluation evaluation) {
        this.work = work;
        this.data = data;
        this.attackers = attackers;
        this.keep = keep;
        this.out = out;
        this.stop = stop;
        this.evaluation = evaluation;
    }

    @Override
    public Optional<CellResult> run(StudyTask task) throws IOException, InterruptedException {
        RunSpecification run = task.run();
        RunProgram.check(run);
        DataSet images = data.dataSets().load(run);
        QuickstartCommand.check(run, images);
        Path folder = folder(task);
        requireItsOwn(folder, run);
        Files.createDirectories(folder);
        Quickstart quickstart = new Quickstart(run, images, folder, Math.min(attackers, run.partitions()), data.directory()
                .map(directory -> List.of("--data", directory.toString())).orElse(List.of()), new HttpSettings("127.0.0.1", 0),
                new ProgressDisplay(out, false, run, Clock.systemUTC()));
        SpentTime spent = new SpentTime(folder);
        Optional<Quickstart.Exported> exported;
        try (Stop.Listening listening = stop.whenStopped(quickstart::stop)) {
            exported = spent.spend(quickstart::train);
        }
        if (exported.isEmpty()) {
            return Optional.empty();
        }
        Path model = exported.get().folder();
        String sha256 = ModelDescription.read(model).orElseThrow().weightsSha256();
        RunProgress progress = quickstart.progress();
        return evaluation.run(task, EvaluatedModel.ofFolder(model), evaluated(data.dataSets(), run).heldOut(), folder,
                new CellEvaluation.Trained(exported.get().step(), sha256, progress.staleness(), progress.perception(),
                        spent.seconds(), Versions.here()));
    }

    /** What is in the folder is to be this cell's: an exported model of other settings would pass for this one's. */
    private static void requireItsOwn(Path folder, RunSpecification run) throws IOException {
        if (!Files.exists(folder.resolve(Quickstart.BROKER)) || !Files.exists(folder.resolve(Quickstart.RUN_FILE))) {
            // refused while another study has a broker there
            LocalBroker.delete(folder.resolve(Quickstart.BROKER));
            QuickstartCommand.delete(folder);
            return;
        }
        List<String> differences = RunFile.differences(run,
                RunFile.read(folder.resolve(Quickstart.RUN_FILE), Map.of(), Map.of()));
        if (!differences.isEmpty()) {
            throw new IllegalArgumentException(folder + ": begun with another " + String.join(", ", differences)
                    + " than the study has now; remove it to begin the cell anew");
        }
    }

    /** The data set without what the run cuts from it: its test images, whatever the run itself is measured on. */
    static DataSet evaluated(DataSets sets, RunSpecification run) throws IOException, InterruptedException {
        return sets.load(run.data().name(), run.data().imageSize());
    }

    private Path folder(StudyTask task) {
        return work.resolve(task.place());
    }

    @Override
    public void finish(StudyTask task) throws IOException {
        if (!keep) {
            QuickstartCommand.delete(folder(task).resolve(Quickstart.BROKER));
        }
    }
}
