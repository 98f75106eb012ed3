package io.sparring.learning.autoattack;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.DifferentiableModel;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Attacks that are run one after another on the images still standing, the first step being the image as it is. AutoAttack
 * (Croce and Hein, arXiv 2003.01690) is APGD-CE, targeted APGD-DLR, targeted FAB and Square, of which each can be run alone.
 *
 * <p>An image's verdict depends on the seed and its index, not on the other images of a batch, but for the rounding of the
 * model's arithmetic. So images can be shared out, and a suite goes on from each image's {@link ImageState}.
 *
 * @param steps in their order
 */
public record AttackSuite(List<AttackStep> steps) {

    /** The first part of every suite: misclassified without an attack. */
    public static final String CLEAN = "clean";
    public static final String APGD_CE = "apgd-ce";
    public static final String APGD_T = "apgd-t";
    public static final String FAB_T = "fab-t";
    public static final String SQUARE = "square";

    /** How many images are attacked together, as the published code does. */
    public static final int BATCH = 250;

    private static final int DLR_CLASSES = 4;

    public AttackSuite {
        steps = List.copyOf(steps);
    }

    /**
     * AutoAttack.
     *
     * @param classes of the model; with fewer than four there is no targeted DLR loss, so APGD-T is left out, and there are never
     *                more targets than other classes
     */
    public static AttackSuite autoAttack(AutoAttackSettings settings, int classes) {
        Norm norm = Norm.of(settings.norm());
        int lastRank = Math.min(settings.targets(), classes - 1) + 1;
        List<AttackStep> steps = new ArrayList<>(List.of(new CleanImages()));
        for (int restart = 1; restart <= settings.restarts(); restart++) {
            steps.add(new AutoPgd(APGD_CE, restart, norm, settings.epsilon(), settings.iterations(),
                    GradientLoss.CROSS_ENTROPY, 0, settings.seed()));
        }
        for (int rank = 2, number = 1; rank <= lastRank && classes >= DLR_CLASSES; rank++) {
            for (int restart = 0; restart < settings.restarts(); restart++, number++) {
                steps.add(new AutoPgd(APGD_T, number, norm, settings.epsilon(), settings.iterations(),
                        GradientLoss.DLR_TARGETED, rank, settings.seed()));
            }
        }
        for (int rank = 2, number = 1; rank <= lastRank; rank++) {
            for (int restart = 0; restart < settings.restarts(); restart++, number++) {
                steps.add(new FastAdaptiveBoundary(FAB_T, number, norm, settings.epsilon(), settings.iterations(), rank,
                        restart > 0, settings.seed()));
            }
        }
        for (int restart = 1; restart <= settings.restarts(); restart++) {
            steps.add(new Square(SQUARE, restart, norm, settings.epsilon(), settings.queries(), settings.seed()));
        }
        return new AttackSuite(steps);
    }

    /**
     * PGD on the cross entropy.
     *
     * @param iterations  0 and more
     * @param stepSize    in units of [0,1]
     * @param restarts    runs, 1 and more
     * @param randomStart at distance ε in a random direction, else at the image, where more than one run makes no sense
     */
    public static AttackSuite pgd(AttackNorm norm, float epsilon, float stepSize, int iterations, int restarts,
            boolean randomStart, long seed) {
        Setting.require(iterations >= 0, "iterations", iterations, "0 and above");
        Setting.require(restarts >= 1 && (randomStart || restarts == 1), "restarts", restarts, "1, or more from random starts");
        Setting.require(epsilon >= 0 && epsilon < Float.POSITIVE_INFINITY, "epsilon", epsilon, "a finite number of at least 0");
        List<AttackStep> steps = new ArrayList<>(List.of(new CleanImages()));
        for (int restart = 1; restart <= restarts; restart++) {
            steps.add(new RestartedPgd("pgd" + iterations, restart, Norm.of(norm), epsilon, stepSize, iterations, randomStart,
                    seed));
        }
        return new AttackSuite(steps);
    }

    /** The names of the parts, {@link #CLEAN} first. */
    public List<String> parts() {
        return steps.stream().map(AttackStep::part).distinct().toList();
    }

    /**
     * One part alone, on all images that are classified rightly.
     *
     * @throws IllegalArgumentException when the suite has no such part
     */
    public AttackSuite alone(String part) {
        Setting.requireKnown(parts(), "part", part);
        return new AttackSuite(steps.stream().filter(step -> step.part().equals(CLEAN) || step.part().equals(part)).toList());
    }

    /** @throws IllegalArgumentException when the program lacks a gradient that a step needs */
    public void requireFitting(DifferentiableModel program) {
        steps.forEach(step -> step.requireFitting(program));
    }

    /** Whether nothing is left to do with an image. */
    public boolean isDone(ImageState state) {
        return state.fooledBy().isPresent() || state.steps() == steps.size();
    }

    /**
     * Attacks images from the beginning.
     *
     * @return the state of each image, in their order
     */
    public List<ImageState> attack(DifferentiableModel program, ImageBatch images) {
        return attack(program, images, Map.of(), BATCH, attacked -> { });
    }

    /**
     * Goes on with images that may have been attacked before, in batches of those that have come equally far.
     *
     * @param known how far the suite has come with images, by index; those of others do not matter
     * @param batch how many images are attacked together at most
     * @param after is told of each batch after each step, with all its images
     * @return the state of each image, in their order
     */
    public List<ImageState> attack(DifferentiableModel program, ImageBatch images, Map<Long, ImageState> known, int batch,
            Consumer<List<AttackedImage>> after) {
        return attack(List.of(program), images, known, batch, after);
    }

    /**
     * The same with several copies of a model at a time, each on a thread of its own.
     *
     * @param programs of the same weights, one at least
     * @param after    is told by one thread at a time
     * @throws IllegalStateException when the calling thread is interrupted
     */
    public List<ImageState> attack(List<? extends DifferentiableModel> programs, ImageBatch images,
            Map<Long, ImageState> known, int batch, Consumer<List<AttackedImage>> after) {
        Setting.require(batch >= 1, "batch", batch, "1 and above");
        Setting.require(!programs.isEmpty(), "programs", programs, "one at least");
        programs.forEach(this::requireFitting);
        SuiteRun run = new SuiteRun(this, programs, images, known, after);
        for (int step = 0; step < steps.size(); step++) {
            run.step(step, batch);
        }
        return run.states();
    }

    /**
     * How many images stand after each part.
     *
     * @param states of images with which the suite is done
     */
    public Map<String, Integer> standing(List<ImageState> states) {
        Map<String, Integer> standing = new LinkedHashMap<>();
        int count = states.size();
        for (String part : parts()) {
            count -= (int) states.stream().filter(state -> state.fooledBy().filter(part::equals).isPresent()).count();
            standing.put(part, count);
        }
        return standing;
    }
}
