package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerceptionConsistency;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Perception;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchEvaluatorTest {

    private static final List<Slice> SLICES = List.of(new Slice("held-out", 0, 4));

    private static ModelProgram program;
    private static Update trained;

    private final SettableClock clock = new SettableClock();
    private final BatchEvaluator evaluator = new BatchEvaluator(TinyRun.RUN, new UpdateWeights(program), "evaluator-1", clock);

    @BeforeAll
    static void load() {
        program = TinyRun.load();
        trained = TinyRun.update(60, TinyRun.trainedWeights(program));
    }

    @AfterAll
    static void close() {
        program.close();
    }

    @Test
    void theCleanFactIsWhatTheModelPredicts() {
        ImageBatch batch = TinyRun.batch(3);
        Evaluation fact = evaluator.evaluate(batch, trained, SLICES).get(0);

        ClassifiedImages expected =
                ClassifiedImages.of(program.predict(TinyRun.images(batch), TinyRun.IMAGES), TinyRun.labels(batch));
        assertThat(fact).isEqualTo(new Evaluation(2, 60L, "clean", "held-out", 3L, 4, TinyRun.IMAGES, expected.correct(),
                expected.loss(), 0f, 0f, 0, 0L, "evaluator-1", clock.instant(), "linf", null, Map.of(), "fashion-mnist",
                batch.getSha256(), 0.0));
        assertThat(fact.getCorrect()).as("the network has learned something").isGreaterThan(TinyRun.IMAGES * 3 / 4);
    }

    @Test
    void theAttackedFactSaysHowItWasAttackedAndIsNeverBetter() {
        int misled = 0;
        for (long number = 0; number < 4; number++) {
            List<Evaluation> facts = evaluator.evaluate(TinyRun.batch(number), trained, SLICES);
            Evaluation attacked = facts.get(1);
            assertThat(facts).hasSize(2);
            assertThat(attacked).isEqualTo(new Evaluation(2, 60L, "pgd-3", "held-out", number, 4, TinyRun.IMAGES,
                    attacked.getCorrect(), attacked.getLoss(), 0.1f, 0.05f, 3, TinyRun.RUN.seed() + number, "evaluator-1",
                    clock.instant(), "linf", attacked.getPerception(), Map.of("steps", "3", "step size", "0.05", "start",
                            "uniform in the ball", "restarts", "1", "loss", "cross entropy"), "fashion-mnist",
                    TinyRun.batch(number).getSha256(), 0.0));
            assertThat(attacked.getCorrect()).isBetween(0, facts.get(0).getCorrect());
            assertThat(attacked.getLoss()).isGreaterThan(facts.get(0).getLoss());
            misled += facts.get(0).getCorrect() - attacked.getCorrect();
        }
        assertThat(misled).isPositive();
    }

    @Test
    void theDiagnosticsAreOfTheImagesThatTheAttackMade() {
        long fooled = 0;
        for (long number = 0; number < 4; number++) {
            ImageBatch batch = TinyRun.batch(number);
            List<Evaluation> facts = evaluator.evaluate(batch, trained, SLICES);
            Perception perception = facts.get(1).getPerception();

            float[] images = TinyRun.images(batch);
            float[] perturbed = program.attack("evaluation", images, TinyRun.labels(batch), facts.get(1).getSeed(), 0.1f, 0.05f)
                    .perturbed();
            PerceptionConsistency expected = PerceptionConsistency.of(program.predict(images, TinyRun.IMAGES),
                    program.predict(PerceptionConsistency.midpoints(images, perturbed), TinyRun.IMAGES),
                    program.predict(perturbed, TinyRun.IMAGES), TinyRun.labels(batch));
            assertThat(PerceptionRecords.read(perception)).isEqualTo(expected);
            assertThat(perception.getDefended().getImages()).isEqualTo((long) facts.get(1).getCorrect());
            assertThat(perception.getDefended().getCleanPerturbed()).isPositive();
            assertThat(facts.get(0).getPerception()).isNull();
            fooled += perception.getFooled().getImages();
        }
        assertThat(fooled).isPositive();
    }

    @Test
    void aBatchIsMeasuredOnceForAllTheSlicesThatHoldIt() {
        List<Slice> slices = List.of(new Slice("held-out-64", 0, 2), new Slice("held-out", 0, 4), new Slice("validation", 3, 5));

        List<Evaluation> facts = evaluator.evaluate(TinyRun.batch(3), trained, slices);

        assertThat(facts).extracting(Evaluation::getAttack, Evaluation::getSlice, Evaluation::getBatchNumber,
                Evaluation::getBatches).containsExactly(tuple("clean", "held-out", 3L, 4), tuple("pgd-3", "held-out", 3L, 4),
                        tuple("clean", "validation", 0L, 5), tuple("pgd-3", "validation", 0L, 5));
        assertThat(facts.get(0).getCorrect()).isEqualTo(facts.get(2).getCorrect());
    }

    @Test
    void measuresUnderTheNormOfTheRun() {
        RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "tiny", "seed", "7", "attack.norm", "l2",
                "evaluation.epsilon", "1.5", "evaluation.stepSize", "0.75", "evaluation.steps", "3"));
        try (ModelProgram euclidean = TinyRun.load(AttackNorm.L2)) {
            BatchEvaluator other = new BatchEvaluator(run, new UpdateWeights(euclidean), "evaluator-1", clock);
            List<Evaluation> facts = other.evaluate(TinyRun.batch(3), trained, SLICES);
            assertThat(facts).extracting(Evaluation::getNorm).containsExactly("l2", "l2");
            assertThat(facts).extracting(Evaluation::getEpsilon).containsExactly(0f, 1.5f);
            assertThat(facts.get(1).getLoss()).isGreaterThan(facts.get(0).getLoss());
        }
    }

    @Test
    void aBatchIsAttackedAlikeWhateverWasMeasuredBefore() {
        List<Evaluation> facts = evaluator.evaluate(TinyRun.batch(3), trained, SLICES);
        evaluator.evaluate(TinyRun.batch(2), TinyRun.update(0, TinyRun.initialWeights()), SLICES);
        assertThat(evaluator.evaluate(TinyRun.batch(3), trained, SLICES)).isEqualTo(facts);
        BatchEvaluator another = new BatchEvaluator(TinyRun.RUN, new UpdateWeights(program), "evaluator-1", clock);
        assertThat(another.evaluate(TinyRun.batch(3), trained, SLICES)).isEqualTo(facts);
    }

    @Test
    void everyUpdateIsAttackedWithTheSameSeedAndEveryBatchWithAnother() {
        Update other = TinyRun.update(0, TinyRun.initialWeights());
        long seed = evaluator.evaluate(TinyRun.batch(3), trained, SLICES).get(1).getSeed();
        assertThat(evaluator.evaluate(TinyRun.batch(3), other, SLICES).get(1).getSeed()).isEqualTo(seed);
        assertThat(evaluator.evaluate(TinyRun.batch(2), trained, SLICES).get(1).getSeed()).isNotEqualTo(seed);
    }

    @Test
    void measuresTheUpdateItIsGiven() {
        Tensors initial = TinyRun.initialWeights();
        Evaluation ofTrained = evaluator.evaluate(TinyRun.batch(3), trained, SLICES).get(0);
        Evaluation ofInitial = evaluator.evaluate(TinyRun.batch(3), TinyRun.update(0, initial), SLICES).get(0);
        assertThat(ofInitial.getStep()).isZero();
        assertThat(ofInitial.getLoss()).isGreaterThan(ofTrained.getLoss());
        assertThat(program.weights()).isEqualTo(initial);
    }

    @Test
    void hasNoFactsAboutABatchThatTheModelProgramCannotTakeAndGoesOn() {
        assertThat(evaluator.evaluate(TinyRun.batch(3, 9, 4), trained, SLICES)).as("wider images").isEmpty();
        ImageBatch flat = ImageBatch.newBuilder(TinyRun.batch(3)).setHeight(4).setWidth(16).build();
        assertThat(evaluator.evaluate(flat, trained, SLICES)).as("as many values in another shape").isEmpty();
        ImageBatch otherClasses = ImageBatch.newBuilder(TinyRun.batch(3))
                .setLabels(TinyRun.batch(3).getLabels().stream().map(label -> label + 1).toList()).setClasses(5).build();
        assertThat(evaluator.evaluate(otherClasses, trained, SLICES)).as("more classes").isEmpty();
        assertThat(evaluator.evaluate(TinyRun.batch(3), trained, SLICES)).hasSize(2);
    }
}
