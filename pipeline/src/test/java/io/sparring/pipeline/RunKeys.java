package io.sparring.pipeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** The keys of a run as its users know them, with a value of each that is valid and not the default. */
final class RunKeys {

    static final Map<String, String> OTHER_VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry("run", "other-run"), Map.entry("seed", "-7"), Map.entry("partitions", "6"),
            Map.entry("data.name", "cifar10"), Map.entry("data.source", "incoming"),
            Map.entry("data.fillSeconds", "20"), Map.entry("data.batchSize", "64"), Map.entry("data.batches", "5000000000"),
            Map.entry("data.imageSize", "32"), Map.entry("data.validationImages", "5000"),
            Map.entry("data.heldOut", "validation"), Map.entry("data.cropMode", "reflect"),
            Map.entry("data.autoAugment", "true"), Map.entry("data.cutout", "16"),
            Map.entry("data.cropPadding", "4"), Map.entry("data.flip", "true"), Map.entry("data.heldOutImages", "10000"),
            Map.entry("data.heldOutBatchSize", "500"), Map.entry("data.lead", "128"),
            Map.entry("network.name", "resnet18"), Map.entry("network.width", "32"), Map.entry("network.hidden", "100"),
            Map.entry("network.batchNorm", "true"), Map.entry("network.mean", "[0.25]"), Map.entry("network.deviation", "[0.75]"),
            Map.entry("network.precision", "bfloat16"),
            Map.entry("objective.name", "pgd-at"), Map.entry("objective.lambda", "0.5"),
            Map.entry("objective.beta", "5.0"), Map.entry("objective.interpolation", "0.25"),
            Map.entry("objective.temperature", "0.75"), Map.entry("objective.averaging", "0.99"),
            Map.entry("objective.averagingFromEpoch", "60"), Map.entry("attack.name", "fgsm"), Map.entry("attack.norm", "l2"),
            Map.entry("attack.epsilon", "0.03"), Map.entry("attack.stepSize", "0.01"), Map.entry("attack.steps", "7"),
            Map.entry("attack.epsilonWarmUp", "300"),
            Map.entry("evaluation.epsilon", "0.03"), Map.entry("evaluation.stepSize", "0.01"),
            Map.entry("evaluation.steps", "50"), Map.entry("evaluation.every", "200"),
            Map.entry("evaluation.sliceImages", "1000"), Map.entry("evaluation.suite", "autoattack"),
            Map.entry("evaluation.suiteOn", "best"), Map.entry("evaluation.suiteEvery", "5"),
            Map.entry("evaluation.suiteIterations", "50"), Map.entry("evaluation.suiteRestarts", "5"),
            Map.entry("evaluation.suiteTargets", "3"), Map.entry("evaluation.suiteQueries", "1000"),
            Map.entry("prequential.window", "60"), Map.entry("prequential.slide", "20"), Map.entry("prequential.cleanEvery", "1"),
            Map.entry("prequential.accuracyFall", "0.05"), Map.entry("prequential.labelDrift", "0.01"),
            Map.entry("prequential.inputDrift", "0.5"),
            Map.entry("optimizer.momentum", "0.8"), Map.entry("optimizer.weightDecay", "5e-5"),
            Map.entry("optimizer.learningRate", "0.1"), Map.entry("optimizer.warmUp", "50"),
            Map.entry("optimizer.schedule", "constant"), Map.entry("optimizer.milestones", "[400, 800]"),
            Map.entry("optimizer.factor", "0.2"),
            Map.entry("publishing.interval", "10"), Map.entry("publishing.checkpointEvery", "20"),
            Map.entry("staleness.atMost", "24"), Map.entry("staleness.exactly", "12"), Map.entry("staleness.policy", "drop"),
            Map.entry("staleness.refreshSteps", "3"), Map.entry("staleness.refreshAbove", "4"),
            Map.entry("order", "arrival"), Map.entry("delivery", "queue"),
            Map.entry("log", "keep"), Map.entry("optimizer.notFinite", "refuse"), Map.entry("publishing.checkpointsKept", "5"),
            Map.entry("staleness.craftAfterSeconds", "15")));

    private RunKeys() {
    }

    /** The values that another value of {@code key} needs beside it to be valid. */
    static Map<String, String> companions(String key) {
        return switch (key) {
            case "network.mean", "network.deviation" -> Map.of("network.mean", "[0.5]", "network.deviation", "[0.5]");
            case "attack.name" -> Map.of("attack.steps", "1");
            case "optimizer.milestones" -> Map.of("optimizer.schedule", "piecewise", "optimizer.milestones", "[600]");
            case "staleness.exactly" -> Map.of("order", "number");
            case "data.fillSeconds" -> Map.of("data.source", "incoming");
            case "data.heldOut" -> Map.of("data.validationImages", "2000");
            case "evaluation.suiteOn" -> Map.of("data.validationImages", "2000", "data.heldOut", "both", "evaluation.suite", "autoattack");
            default -> Map.of();
        };
    }

    static RunSpecification run(Map<String, String> options) {
        return RunFile.read(null, Map.of(), options);
    }

    static RunSpecification run(String key, String value) {
        return run(with(companions(key), key, value));
    }

    static Map<String, String> with(Map<String, String> options, String key, String value) {
        Map<String, String> more = new HashMap<>(options);
        more.put(key, value);
        return more;
    }

    /** A valid specification with values that few would choose. */
    static RunSpecification random(Random random) {
        Map<String, String> options = new HashMap<>();
        List<String> free = OTHER_VALUES.keySet().stream().filter(key -> companions(key).isEmpty()).toList();
        for (String key : free) {
            if (random.nextBoolean()) {
                options.put(key, OTHER_VALUES.get(key));
            }
        }
        options.put("seed", Long.toString(random.nextLong()));
        options.put("run", "r" + random.nextInt(1000) + ".a_b-C");
        options.put("attack.epsilon", Float.toString(random.nextFloat() / 2));
        options.put("optimizer.learningRate", Float.toString((float) Math.pow(10, random.nextInt(20) - 12) * random.nextFloat()));
        int channels = random.nextInt(4);
        options.put("network.mean", random.doubles(channels).mapToObj(x -> (float) x).toList().toString());
        options.put("network.deviation", random.doubles(channels, 0.1, 1).mapToObj(x -> (float) x).toList().toString());
        if (random.nextBoolean()) {
            options.put("optimizer.schedule", "piecewise");
            options.put("optimizer.milestones",
                    random.longs(5, 0, Long.MAX_VALUE).distinct().sorted().boxed().toList().toString());
        }
        return run(options);
    }
}
