package io.sparring.cli;

import io.sparring.learning.AttackableModel;
import io.sparring.learning.Geometry;
import io.sparring.learning.NetworkInference;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.UpdateIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is evaluated.
 *
 * @param name         where it comes from
 * @param architecture the network's name and size, as far as they are known
 * @param sha256       digest of the weights' file, of the SavedModel, or of an update's weights
 * @param identity     digest of all that its answers depend on: of the network around the weights too, where these do not tell of it
 * @param step         batches that were applied to the weights, where that is known
 */
record EvaluatedModel(String name, String architecture, String sha256, String identity, Optional<Long> step, AttackableModel model) {

    private static final String SAVED_MODEL = "saved_model.pb";

    /**
     * What normalises the images inside the network, which no weights tell of.
     *
     * @param mean      of each channel, empty for none
     * @param deviation of each channel
     */
    record Normalization(List<Float> mean, List<Float> deviation) {
    }

    /**
     * Weights in a safetensors file.
     *
     * @param inference what is known of the network
     * @param images    what the data set's images are
     */
    static EvaluatedModel ofWeights(Path file, NetworkInference inference, Normalization normalization, Geometry images)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            Tensors weights = SafeTensors.decode(bytes);
            Setting.require(weights.allFinite(), "weights", "NaN or infinite", "finite numbers");
            NetworkSpecification found = named(inference, SafeTensors.metadata(bytes)).of(weights, images);
            NetworkSpecification network = new NetworkSpecification(found.name(), found.width(), found.hidden(),
                    found.batchNorm(), normalization.mean(), normalization.deviation());
            String sha256 = Sha256.of(bytes);
            return new EvaluatedModel(file.toString(), describe(network), sha256, identity(sha256, network), Optional.empty(),
                    AttackableModel.of(network, images, weights));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--model " + file + ": " + e.getMessage(), e);
        }
    }

    /** An exported file says which network it is of; a name that no build of ours knows says nothing. */
    private static NetworkInference named(NetworkInference inference, Map<String, String> metadata) {
        String name = metadata.get("network");
        return inference.name().isPresent() || name == null || !NetworkSpecification.names().contains(name) ? inference
                : new NetworkInference(Optional.of(name), inference.width(), inference.hidden(), inference.batchNorm());
    }

    /** An exported model, or another SavedModel that has its weights in its graph. */
    static EvaluatedModel ofFolder(Path folder) throws IOException {
        Path file = folder.resolve(SAVED_MODEL);
        Setting.require(Files.isRegularFile(file), "--model", folder,
                "a folder with " + SAVED_MODEL + ", as `sparring export` writes it, or a file of safetensors");
        Setting.require(!Files.exists(folder.resolve("variables")), "--model", folder,
                "a SavedModel whose weights are constants of its graph, without a folder of variables");
        byte[] bytes = Files.readAllBytes(file);
        Optional<ModelDescription> description = ModelDescription.read(folder);
        try {
            String sha256 = Sha256.of(bytes);
            return new EvaluatedModel(folder.toString(), description.map(ModelDescription::network).orElse("unknown"),
                    sha256, sha256, description.map(ModelDescription::step), AttackableModel.of(bytes));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--model " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * An update of a run, from its topics.
     *
     * @param wanted nothing for the newest
     */
    static EvaluatedModel ofRun(RunSpecification run, KafkaSettings kafka, ProgramPin pin, Optional<UpdateIdentity> wanted) {
        KeptUpdate kept = KeptUpdate.of(run.run(), kafka, pin, wanted);
        RunSpecification published = kept.published().specification();
        Update update = kept.update();
        return new EvaluatedModel("run " + run.run() + ", update " + update.identity(),
                published.network().name() + " of width " + published.network().width(),
                update.sha256(), identity(update.sha256(), kept.published().programSha256()), Optional.of(update.identity().step()),
                AttackableModel.of(kept.published().program(), SafeTensors.decode(update.weights())));
    }

    private static String identity(String weights, Object network) {
        return Sha256.of((weights + " " + network).getBytes(StandardCharsets.UTF_8));
    }

    private static String describe(NetworkSpecification network) {
        return network.name() + " of width " + network.width() + (network.name().equals("cnn4")
                ? " with " + network.hidden() + " hidden units" + (network.batchNorm() ? " and batch normalisation" : "") : "");
    }

    /** @throws IllegalArgumentException when it does not take these images, or tells other classes apart */
    void requireFitting(String dataset, Geometry images) {
        model.geometry().problem(images.height(), images.width(), images.channels(), images.classes()).ifPresent(problem -> {
            throw new IllegalArgumentException("--dataset " + dataset + ": " + problem);
        });
    }
}
