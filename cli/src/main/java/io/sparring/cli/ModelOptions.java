package io.sparring.cli;

import io.sparring.learning.Geometry;
import io.sparring.learning.NetworkInference;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model is evaluated. */
final class ModelOptions {

    @Option(names = "--model", paramLabel = "FILE|DIR", description = "Weights in a file of safetensors, whose network is found "
            + "out by their names and shapes; or a folder with a SavedModel, as `sparring export` writes it.")
    private Path model;

    @Option(names = "--run", paramLabel = "FILE",
            description = "The run file of a run on a Kafka cluster, instead of --model: one of its updates is evaluated.")
    private Path runFile;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A key of the run file with another value; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Mixin
    private UpdateOption update;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private ProgramOptions program;

    @Option(names = "--network", paramLabel = "NAME",
            description = "The network that weights in a file are of (default: the one that they fit).")
    private String network;

    @Option(names = "--width", paramLabel = "N", description = "Its width (default: the one that fits).")
    private Integer width;

    @Option(names = "--hidden", paramLabel = "N", description = "Units of its hidden layer (default: as many as fit).")
    private Integer hidden;

    @Option(names = "--batch-norm", paramLabel = "true|false", arity = "1",
            description = "Whether a cnn4 has batch normalisation (default: whichever fits).")
    private Boolean batchNorm;

    @Option(names = "--mean", paramLabel = "X[,X...]", split = ",", description = "What the network subtracts from each channel "
            + "of its images, in [0,1]: no weights tell of it (default: nothing).")
    private List<Float> mean = List.of();

    @Option(names = "--deviation", paramLabel = "X[,X...]", split = ",",
            description = "What it divides each channel by after that (default: nothing).")
    private List<Float> deviation = List.of();

    /** @throws IllegalArgumentException unless just one model is named, with options that belong to it */
    void check() {
        Setting.require((model == null) != (runFile == null), "model", model == null ? "none" : "--model and --run",
                "--model FILE|DIR, or --run FILE");
        boolean file = model != null && !Files.isDirectory(model);
        Setting.require(file || network == null && width == null && hidden == null && batchNorm == null && mean.isEmpty()
                && deviation.isEmpty(), "network", "described by options",
                "none where the model says itself what its network is: --network, --width, --hidden, --batch-norm, --mean and "
                        + "--deviation are for --model FILE");
        Setting.require(runFile != null || !update.isGiven() && values.isEmpty(), "--update and --set", "given without --run",
                "with --run FILE");
        Setting.require(model == null || Files.exists(model), "--model", model, "a file or folder that is there");
        update.identity();
    }

    /** The run that the model is of, if it is one's. */
    Optional<RunSpecification> run() {
        return Optional.ofNullable(runFile).map(file -> RunFile.read(file, System.getenv(), values));
    }

    /**
     * Reads the model.
     *
     * @param images what the data set's images are
     */
    EvaluatedModel open(Geometry images) throws IOException {
        if (runFile != null) {
            return EvaluatedModel.ofRun(run().orElseThrow(), kafka.settings(), program.pin(), update.identity());
        }
        if (Files.isDirectory(model)) {
            return EvaluatedModel.ofFolder(model);
        }
        return EvaluatedModel.ofWeights(model, new NetworkInference(Optional.ofNullable(network), Optional.ofNullable(width),
                Optional.ofNullable(hidden), Optional.ofNullable(batchNorm)),
                new EvaluatedModel.Normalization(mean, deviation), images);
    }
}
