package io.sparring.benchmarks;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The runs that are measured: what {@link StepNetwork} computes, as a run. */
final class BenchRuns {

    private BenchRuns() {
    }

    /**
     * An endless run on CIFAR-10, cropped and mirrored as is usual, under L-infinity, ε 8/255, PGD-10.
     *
     * @param further keys with their values, over those
     */
    static RunSpecification of(StepNetwork network, Map<String, String> further) throws IOException {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("data.name", "cifar10");
        keys.put("data.batches", "0");
        keys.put("data.heldOutImages", "250");
        keys.put("data.cropPadding", "4");
        keys.put("data.flip", "true");
        keys.put("network.name", network.network());
        keys.put("network.width", Integer.toString(network.width()));
        keys.put("attack.epsilon", "0.03137255");
        keys.put("attack.stepSize", "0.007843137");
        keys.put("evaluation.epsilon", "0.03137255");
        keys.put("evaluation.stepSize", "0.007843137");
        keys.put("optimizer.learningRate", "0.01");
        keys.put("optimizer.schedule", "constant");
        // the same work as without the stream, whatever the staleness
        keys.put("staleness.policy", "train");
        keys.putAll(further);
        Path file = Files.createTempFile("sparring-bench", ".yaml");
        try {
            Files.writeString(file, "run: bench\n");
            return RunFile.read(file, Map.of(), keys);
        } finally {
            Files.delete(file);
        }
    }
}
