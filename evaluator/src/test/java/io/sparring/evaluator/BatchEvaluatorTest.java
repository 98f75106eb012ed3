package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Tensors;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Split;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BatchEvaluatorTest {

    private static ModelProgram program;
    private static Update trained;

    private final SettableClock clock = new SettableClock();
    private final BatchEvaluator evaluator = new BatchEvaluator(TinyRun.RUN, program, "evaluator-1", clock);

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
        Evaluation fact = evaluator.evaluate(batch, trained).get(0);

        ClassifiedImages expected =
                ClassifiedImages.of(program.predict(TinyRun.images(batch), TinyRun.IMAGES), TinyRun.labels(batch));
        assertThat(fact).isEqualTo(new Evaluation(2, 60L, "clean", "held-out", 3L, 4, TinyRun.IMAGES, expected.correct(),
                expected.loss(), 0f, 0f, 0, 0L, "evaluator-1", clock.instant(), "linf"));
        assertThat(fact.getCorrect()).as("the network has learned something").isGreaterThan(TinyRun.IMAGES * 3 / 4);
    }

    @Test
    void theAttackedFactSaysHowItWasAttackedAndIsNeverBetter() {
        int misled = 0;
        for (long number = 0; number < 4; number++) {
            List<Evaluation> facts = evaluator.evaluate(TinyRun.batch(number), trained);
            Evaluation attacked = facts.get(1);
            assertThat(facts).hasSize(2);
            assertThat(attacked).isEqualTo(new Evaluation(2, 60L, "pgd-3", "held-out", number, 4, TinyRun.IMAGES,
                    attacked.getCorrect(), attacked.getLoss(), 0.1f, 0.05f, 3, attacked.getSeed(), "evaluator-1", clock.instant(),
                    "linf"));
            assertThat(attacked.getCorrect()).isBetween(0, facts.get(0).getCorrect());
            assertThat(attacked.getLoss()).isGreaterThan(facts.get(0).getLoss());
            misled += facts.get(0).getCorrect() - attacked.getCorrect();
        }
        assertThat(misled).isPositive();
    }

    @Test
    void factsAboutValidationImagesAreAboutASliceOfTheirOwn() {
        ImageBatch validation = with(Split.VALIDATION, TinyRun.batch(3).getLabels(), TinyRun.batch(3).getClasses());
        assertThat(evaluator.evaluate(validation, trained)).extracting(Evaluation::getSlice)
                .containsExactly("validation", "validation");
        assertThat(evaluator.evaluate(TinyRun.batch(3), trained)).extracting(Evaluation::getSlice)
                .containsExactly("held-out", "held-out");
    }

    @Test
    void measuresUnderTheNormOfTheRun() {
        RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "tiny", "seed", "7", "attack.norm", "l2",
                "evaluation.epsilon", "1.5", "evaluation.stepSize", "0.75", "evaluation.steps", "3"));
        try (ModelProgram euclidean = TinyRun.load(AttackNorm.L2)) {
            BatchEvaluator other = new BatchEvaluator(run, euclidean, "evaluator-1", clock);
            List<Evaluation> facts = other.evaluate(TinyRun.batch(3), trained);
            assertThat(facts).extracting(Evaluation::getNorm).containsExactly("l2", "l2");
            assertThat(facts).extracting(Evaluation::getEpsilon).containsExactly(0f, 1.5f);
            assertThat(facts.get(1).getLoss()).isGreaterThan(facts.get(0).getLoss());
        }
    }

    @Test
    void aBatchIsAttackedAlikeWhateverWasMeasuredBefore() {
        List<Evaluation> facts = evaluator.evaluate(TinyRun.batch(3), trained);
        evaluator.evaluate(TinyRun.batch(2), TinyRun.update(0, TinyRun.initialWeights()));
        assertThat(evaluator.evaluate(TinyRun.batch(3), trained)).isEqualTo(facts);
        assertThat(new BatchEvaluator(TinyRun.RUN, program, "evaluator-1", clock).evaluate(TinyRun.batch(3), trained))
                .isEqualTo(facts);
    }

    @Test
    void everyUpdateIsAttackedWithTheSameSeedAndEveryBatchWithAnother() {
        Update other = TinyRun.update(0, TinyRun.initialWeights());
        long seed = evaluator.evaluate(TinyRun.batch(3), trained).get(1).getSeed();
        assertThat(evaluator.evaluate(TinyRun.batch(3), other).get(1).getSeed()).isEqualTo(seed);
        assertThat(evaluator.evaluate(TinyRun.batch(4), trained).get(1).getSeed()).isNotEqualTo(seed);
    }

    @Test
    void measuresTheUpdateItIsGiven() {
        Tensors initial = TinyRun.initialWeights();
        Evaluation ofTrained = evaluator.evaluate(TinyRun.batch(3), trained).get(0);
        Evaluation ofInitial = evaluator.evaluate(TinyRun.batch(3), TinyRun.update(0, initial)).get(0);
        assertThat(ofInitial.getStep()).isZero();
        assertThat(ofInitial.getLoss()).isGreaterThan(ofTrained.getLoss());
        assertThat(program.weights()).isEqualTo(initial);
    }

    @Test
    void hasNoFactsAboutABatchThatTheModelProgramCannotTakeAndGoesOn() {
        assertThat(evaluator.evaluate(TinyRun.batch(3, 9, 4), trained)).as("wider images").isEmpty();
        ImageBatch flat = ImageBatch.newBuilder(TinyRun.batch(3)).setHeight(4).setWidth(16).build();
        assertThat(evaluator.evaluate(flat, trained)).as("as many values in another shape").isEmpty();
        ImageBatch otherClasses = ImageBatch.newBuilder(TinyRun.batch(3))
                .setLabels(TinyRun.batch(3).getLabels().stream().map(label -> label + 1).toList()).setClasses(5).build();
        assertThat(evaluator.evaluate(otherClasses, trained)).as("more classes").isEmpty();
        assertThat(evaluator.evaluate(TinyRun.batch(3), trained)).hasSize(2);
    }

    /** Batch 3 with other values. A builder copies it by way of Avro, which trusts our classes once a wire format is made. */
    private static ImageBatch with(Split split, List<Integer> labels, int classes) {
        ImageBatch batch = TinyRun.batch(3);
        return new ImageBatch(batch.getBatchNumber(), split, batch.getEpoch(), batch.getHeight(), batch.getWidth(),
                batch.getChannels(), classes, labels, batch.getPixels(), batch.getSha256(), batch.getCreatedAt(), null, null);
    }
}
