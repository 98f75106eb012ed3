package io.sparring.evaluator;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AutoAttackSettings;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AttackProgress;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Runs the suite on held-out batches, one step at a time, so that between two of them an evaluator can do something else, die, or
 * leave the batch to another. Used by one thread.
 */
final class SuiteEvaluator {

    /** What reports call all of the suite together. */
    static final String SUITE = "autoattack";

    /** Images of a step: few enough for a large network to be done before the group gives this evaluator up for lost (an hour). */
    private static final int AT_ONCE = 64;

    private final RunSpecification run;
    private final UpdateWeights weights;
    private final String instance;
    private final Clock clock;
    private final int atOnce;
    private final Slice slice;
    private final AttackSuite suite;
    private final Map<String, String> parameters;
    private final String name;

    /**
     * For the run's suite.
     *
     * @throws IllegalArgumentException if the model program lacks a gradient that it needs
     */
    SuiteEvaluator(RunSpecification run, UpdateWeights weights, String instance, Clock clock) {
        this(run, weights, instance, clock, AT_ONCE);
    }

    /** @param atOnce images of a step, at most */
    SuiteEvaluator(RunSpecification run, UpdateWeights weights, String instance, Clock clock, int atOnce) {
        this.atOnce = atOnce;
        this.run = run;
        this.weights = weights;
        this.instance = instance;
        this.clock = clock;
        this.slice = Slice.whole(run);
        EvaluationSettings evaluation = run.evaluation();
        this.suite = AttackSuite.autoAttack(new AutoAttackSettings(AttackNorm.named(run.attack().norm()), evaluation.epsilon(),
                run.seed(), evaluation.suiteIterations(), evaluation.suiteRestarts(), evaluation.suiteTargets(),
                evaluation.suiteQueries()), weights.program().geometry().classes());
        suite.requireFitting(weights.program());
        this.parameters = Map.of("iterations", "" + evaluation.suiteIterations(), "restarts", "" + evaluation.suiteRestarts(),
                "targets", "" + evaluation.suiteTargets(), "queries", "" + evaluation.suiteQueries(),
                "parts", String.join(" ", suite.parts().subList(1, suite.parts().size())));
        // the batch size says which image an index means
        this.name = SUITE + " norm=" + run.attack().norm() + " epsilon=" + evaluation.epsilon() + " seed=" + run.seed()
                + " iterations=" + evaluation.suiteIterations() + " restarts=" + evaluation.suiteRestarts() + " targets="
                + evaluation.suiteTargets() + " queries=" + evaluation.suiteQueries() + " batch=" + run.data().heldOutBatchSize();
    }

    /** What it is and all its parameters. */
    String name() {
        return name;
    }

    /** Whether the suite is run on this batch at all. */
    boolean takes(ImageBatch batch) {
        return slice.holds(batch) && weights.program().geometry()
                .problem(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses()).isEmpty();
    }

    /** Whether a record says something that can be true of this suite. */
    boolean understands(AttackProgress progress) {
        return progress.getSuite().equals(name) && progress.getSteps() >= 1 && progress.getSteps() <= suite.steps().size()
                && (progress.getFooledBy() == null
                        || suite.steps().get(progress.getSteps() - 1).part().equals(progress.getFooledBy()));
    }

    /** Whether nothing is left to do with an image. */
    boolean isDone(AttackProgress progress) {
        return suite.isDone(state(progress));
    }

    /** Whether nothing is left to do with a batch; {@code known} is the progress of each image that has made any. */
    boolean isDone(ImageBatch batch, Map<Long, AttackProgress> known) {
        return states(batch, known).stream().allMatch(suite::isDone);
    }

    /**
     * Takes the earliest step that is left to do with any image of the batch, with as many images as are taken at once for which it is.
     *
     * @return the progress of those images, to be made known before the next step; none if the batch is done
     */
    List<AttackProgress> advance(ImageBatch batch, Update update, Map<Long, AttackProgress> known) {
        List<ImageState> left = states(batch, known).stream().filter(state -> !suite.isDone(state)).toList();
        if (left.isEmpty()) {
            return List.of();
        }
        int step = left.stream().mapToInt(ImageState::steps).min().getAsInt();
        List<ImageState> taken = left.stream().filter(state -> state.steps() == step).limit(atOnce).toList();
        ModelProgram program = weights.with(update);
        long start = clock.millis();
        List<ImageState> attacked = new ArrayList<>();
        AttackSuite upToIt = new AttackSuite(suite.steps().subList(0, step + 1));
        upToIt.attack(program, images(batch).select(rows(batch, taken)), byIndex(taken), AttackSuite.BATCH,
                images -> images.forEach(image -> attacked.add(image.state())));
        double seconds = (clock.millis() - start) / 1e3 / attacked.size();
        String part = suite.steps().get(step).part();
        return attacked.stream().map(state -> progress(state, batch, update, seconds(known.get(state.image()), part, seconds)))
                .toList();
    }

    private AttackProgress progress(ImageState state, ImageBatch batch, Update update, Map<String, Double> seconds) {
        return new AttackProgress(update.identity().incarnation(), update.identity().step(), name, state.image(),
                batch.getBatchNumber(), state.steps(), state.fooledBy().orElse(null), seconds, instance, now());
    }

    private static Map<String, Double> seconds(AttackProgress before, String part, double more) {
        Map<String, Double> seconds = new HashMap<>(before == null ? Map.of() : before.getSeconds());
        seconds.merge(part, more, Double::sum);
        return seconds;
    }

    /** The facts about a batch that is done: under each part, on the images that those before it left, and under all. */
    List<Evaluation> facts(ImageBatch batch, Update update, Map<Long, AttackProgress> known) {
        List<ImageState> states = states(batch, known);
        Map<String, Integer> standing = suite.standing(states);
        List<Evaluation> facts = new ArrayList<>();
        for (String part : suite.parts().subList(1, suite.parts().size())) {
            facts.add(fact(batch, update, part, standing.get(part), sum(states, known, part)));
        }
        double all = suite.parts().stream().mapToDouble(part -> sum(states, known, part)).sum();
        facts.add(fact(batch, update, SUITE, (int) states.stream().filter(state -> state.fooledBy().isEmpty()).count(), all));
        return facts;
    }

    private static double sum(List<ImageState> states, Map<Long, AttackProgress> known, String part) {
        return states.stream().mapToDouble(state -> known.get(state.image()).getSeconds().getOrDefault(part, 0.0)).sum();
    }

    private Evaluation fact(ImageBatch batch, Update update, String attack, int correct, double seconds) {
        EvaluationSettings evaluation = run.evaluation();
        return Evaluation.newBuilder().setIncarnation(update.identity().incarnation()).setStep(update.identity().step())
                .setAttack(attack).setSlice(slice.name()).setBatchNumber(batch.getBatchNumber()).setBatches(slice.batches())
                .setImages(batch.getLabels().size()).setCorrect(correct).setLoss(0).setEpsilon(evaluation.epsilon())
                .setStepSize(0).setAttackSteps(evaluation.suiteIterations()).setSeed(run.seed()).setEvaluator(instance)
                .setCreatedAt(now()).setNorm(run.attack().norm()).setParameters(parameters).setDataSet(run.data().name())
                .setDataSha256(batch.getSha256()).setSeconds(seconds).build();
    }

    private int[] rows(ImageBatch batch, List<ImageState> states) {
        return states.stream().mapToInt(state -> (int) (state.image() - indices(batch)[0])).toArray();
    }

    private long[] indices(ImageBatch batch) {
        long first = batch.getBatchNumber() * run.data().heldOutBatchSize();
        return LongStream.range(first, first + batch.getLabels().size()).toArray();
    }

    private io.sparring.learning.autoattack.ImageBatch images(ImageBatch batch) {
        return new io.sparring.learning.autoattack.ImageBatch(indices(batch), BatchEvaluator.images(batch),
                BatchEvaluator.labels(batch));
    }

    private List<ImageState> states(ImageBatch batch, Map<Long, AttackProgress> known) {
        return LongStream.of(indices(batch)).mapToObj(image -> Optional.ofNullable(known.get(image))
                .map(SuiteEvaluator::state)
                .orElseGet(() -> ImageState.fresh(image))).toList();
    }

    private static ImageState state(AttackProgress progress) {
        return new ImageState(progress.getImage(), progress.getSteps(), Optional.ofNullable(progress.getFooledBy()));
    }

    private static Map<Long, ImageState> byIndex(List<ImageState> states) {
        return states.stream().collect(Collectors.toMap(ImageState::image, state -> state));
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
