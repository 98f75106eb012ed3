package io.sparring.cli;

import io.sparring.pipeline.OptimizerSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line with which a yardstick trains as a run does: {@code train --data DIR --network cnn4 --width W --objective O
 * --batch B --steps N --precision fp32|bf16 --pgd-steps K --eps E --alpha A --lr R --lam L --seed S --eval-images I --log-every N
 * --out FILE [--augment]}.
 */
final class YardstickPlan {

    /** What the yardstick calls our objectives. */
    private static final Map<String, String> OBJECTIVES = Map.of("pgd-at", "pgd-at", "pgd-at+rpat", "rpat", "trades", "trades",
            "trades+rpat", "trades+rpat");
    private static final Map<String, String> PRECISIONS = Map.of("float32", "fp32", "bfloat16", "bf16");
    private static final int HIDDEN = 200;
    private static final float BETA = 6f;
    private static final float INTERPOLATION = 0.5f;
    private static final float MOMENTUM = 0.9f;
    private static final float WEIGHT_DECAY = 5e-4f;
    private static final float FACTOR = 0.1f;
    private static final int CROP_PADDING = 4;

    private YardstickPlan() {
    }

    /** @throws IllegalArgumentException naming the first key with a value that the yardstick does not have */
    static List<String> arguments(StudyTask task, Path data, Path out) {
        RunSpecification run = task.run();
        check(run);
        long steps = run.data().batches();
        List<String> words = new ArrayList<>(List.of("train", "--data", data.toString(), "--network", run.network().name(),
                "--width", Integer.toString(run.network().width()), "--objective", OBJECTIVES.get(run.objective().name()),
                "--batch", Integer.toString(run.data().batchSize()), "--steps", Long.toString(steps),
                "--precision", PRECISIONS.get(run.network().precision()),
                "--pgd-steps", Integer.toString(run.attack().steps()), "--eps", Float.toString(run.attack().epsilon()),
                "--alpha", Float.toString(run.attack().stepSize()), "--lr", Float.toString(run.optimizer().learningRate()),
                "--lam", Float.toString(run.objective().lambda()), "--seed", Long.toString(task.seed()),
                "--eval-images", Integer.toString(task.evaluation().images()), "--log-every", Long.toString(steps),
                "--out", out.toString()));
        if (run.data().flip()) {
            words.add("--augment");
        }
        return words;
    }

    private static void check(RunSpecification run) {
        require(run.network().name().equals("cnn4") && !run.network().batchNorm() && run.network().hidden() == HIDDEN,
                "network", run.network().name(), "a cnn4 with 200 hidden units, without batch norm");
        require(run.network().mean().isEmpty(), "network.mean", run.network().mean(), "none");
        Setting.oneOf("network.precision", run.network().precision(), PRECISIONS.keySet().stream().sorted().toList());
        Setting.oneOf("objective.name", run.objective().name(), OBJECTIVES.keySet().stream().sorted().toList());
        require(run.objective().beta() == BETA, "objective.beta", run.objective().beta(), "6.0");
        require(run.objective().interpolation() == INTERPOLATION, "objective.interpolation", run.objective().interpolation(), "0.5");
        require(run.attack().name().equals("pgd"), "attack.name", run.attack().name(), "pgd");
        require(run.attack().norm().equals("linf") && run.attack().epsilonWarmUp() == 0, "attack", run.attack().norm(),
                "linf without epsilonWarmUp");
        require(run.data().validationImages() == 0, "data.validationImages", run.data().validationImages(), "0");
        require(run.data().cropPadding() == (run.data().flip() ? CROP_PADDING : 0) && run.data().cropMode().equals("zero")
                && !run.data().autoAugment() && run.data().cutout() == 0, "data.cropPadding", run.data().cropPadding(),
                "4 with data.flip, 0 without, and no other augmentation");
        long steps = run.data().batches();
        OptimizerSettings optimizer = run.optimizer();
        require(optimizer.momentum() == MOMENTUM && optimizer.weightDecay() == WEIGHT_DECAY, "optimizer", "momentum "
                + optimizer.momentum() + ", weightDecay " + optimizer.weightDecay(), "momentum 0.9, weightDecay 0.0005");
        require(optimizer.schedule().equals("piecewise") && optimizer.warmUp() == 0 && optimizer.factor() == FACTOR
                && optimizer.milestones().equals(List.of(steps / 2, 3 * steps / 4)), "optimizer.schedule",
                optimizer.schedule() + " " + optimizer.milestones(), "piecewise with factor 0.1, milestones at a half and three quarters, and no warm-up");
    }

    private static void require(boolean holds, String key, Object value, String allowed) {
        Setting.require(holds, key, value, "for the yardstick, " + allowed);
    }
}
