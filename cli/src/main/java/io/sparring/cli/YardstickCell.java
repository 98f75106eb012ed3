package io.sparring.cli;

import io.sparring.learning.NetworkInference;
import io.sparring.producer.DataSets;
import io.sparring.producer.LabeledImages;
import io.sparring.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Trains cells with another program, and evaluates its weights just as those of Sparring's are: with the same attacks on the same
 * images. A cell whose training was stopped begins anew, for the other program has no checkpoints.
 */
final class YardstickCell implements CellProgram {

    private static final String CONVERSION = "torch-cnn4-weights.py";
    private static final String STATE = "yardstick.pt";
    private static final String WEIGHTS = "yardstick.safetensors";
    /** What it was trained by, a word a line; written last. */
    private static final String COMMAND = "command.txt";

    private final String python;
    private final Path script;
    private final Path work;
    private final DataOptions data;
    private final Stop stop;
    private final CellEvaluation evaluation;

    /**
     * @param python an interpreter with what the script needs
     * @param work   where each cell has a folder
     */
    YardstickCell(String python, Path script, Path work, DataOptions data, Stop stop, CellEvaluation evaluation) {
        this.python = python;
        this.script = script;
        this.work = work;
        this.data = data;
        this.stop = stop;
        this.evaluation = evaluation;
    }

    @Override
    public Optional<CellResult> run(StudyTask task) throws IOException, InterruptedException {
        Path folder = work.resolve(task.place());
        Files.createDirectories(folder);
        LabeledImages test = SparringCell.evaluated(data.dataSets(), task.run()).heldOut();
        Path files = data.directory().orElse(DataSets.defaultCache().resolve(task.run().data().name()));
        Path weights = folder.resolve(WEIGHTS);
        List<String> command = new ArrayList<>(List.of(python, script.toString()));
        command.addAll(YardstickPlan.arguments(task, files, folder.resolve(STATE)));
        Map<String, String> program = Map.of("yardstickTorch", OtherProgram.run(List.of(python, "-c",
                "import torch; print(torch.__version__)")).strip(), "yardstickScriptSha256", Sha256.of(Files.readAllBytes(script)));
        List<String> trainedBy = new ArrayList<>(command);
        new TreeMap<>(program).forEach((what, which) -> trainedBy.add(what + " " + which));
        if (!isOf(folder, trainedBy)) {
            QuickstartCommand.delete(folder);
            Files.createDirectories(folder);
        }
        SpentTime spent = new SpentTime(folder);
        if (!Files.exists(weights) && !spent.spend(() -> train(command, trainedBy, folder))) {
            return Optional.empty();
        }
        EvaluatedModel model = EvaluatedModel.ofWeights(weights, new NetworkInference(Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty()), new EvaluatedModel.Normalization(List.of(), List.of()),
                ExportMeasurement.geometry(test));
        Map<String, String> versions = new TreeMap<>(Versions.here());
        versions.putAll(program);
        return evaluation.run(task, model, test, folder, new CellEvaluation.Trained(task.run().data().batches(),
                Sha256.of(Files.readAllBytes(weights)), null, List.of(), spent.seconds(), versions));
    }

    /** Whether what is in the folder has been trained by the same command, and by the same program behind it. */
    private static boolean isOf(Path folder, List<String> trainedBy) throws IOException {
        return Files.exists(folder.resolve(COMMAND)) && Files.readAllLines(folder.resolve(COMMAND)).equals(trainedBy);
    }

    /** Whether it came to its end. */
    private boolean train(List<String> command, List<String> trainedBy, Path folder) throws IOException, InterruptedException {
        OtherProgram training = OtherProgram.start(command);
        try (Stop.Listening listening = stop.whenStopped(training::kill)) {
            Files.writeString(folder.resolve("yardstick.log"), training.output());
        } catch (IOException e) {
            if (stop.isStopped()) {
                return false;
            }
            throw e;
        }
        convert(folder.resolve(STATE), folder);
        Files.write(folder.resolve(COMMAND), trainedBy);
        return true;
    }

    private void convert(Path state, Path folder) throws IOException, InterruptedException {
        Path conversion = folder.resolve(CONVERSION);
        try (InputStream shipped = YardstickCell.class.getResourceAsStream(CONVERSION)) {
            Files.copy(shipped, conversion, StandardCopyOption.REPLACE_EXISTING);
        }
        Path written = folder.resolve("." + WEIGHTS);
        OtherProgram.run(List.of(python, conversion.toString(), state.toString(), written.toString()));
        Files.move(written, folder.resolve(WEIGHTS), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void finish(StudyTask task) {
        // what it leaves is small
    }
}
