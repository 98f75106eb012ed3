package io.sparring.attacker;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PrecisionChoice;
import io.sparring.learning.ProgramLoader;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.WeightsPart;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Crafts the adversarial batch of each clean batch that is its to craft, against the newest update at that moment or the one
 * that its number decides, and no further ahead of the trainer than the run's window. {@link Delivery} says how the batches are
 * shared out.
 */
public final class AttackerService implements Service {

    private static final Duration WAIT = Duration.ofMillis(100);

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ExecutionSettings execution;
    private final ProgramPin pin;
    private final ProgramLoader programs;
    private final Clock clock;
    private final AttackerReadiness readiness;

    /** An attacker that loads whichever program the run has published. */
    public AttackerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Clock clock,
            Duration oldestWeights) {
        this(run, kafka, execution, ProgramPin.NONE, clock, oldestWeights);
    }

    /** @param oldestWeights how old the newest update may be before the attacker no longer calls itself ready */
    public AttackerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, ProgramPin pin, Clock clock,
            Duration oldestWeights) {
        this(run, kafka, execution, pin, ModelProgram::load, clock, oldestWeights);
    }

    /**
     * An attacker that computes with what a loader makes of the run's program.
     *
     * @param oldestWeights how old the newest update may be before the attacker no longer calls itself ready
     */
    public AttackerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, ProgramPin pin,
            ProgramLoader programs, Clock clock, Duration oldestWeights) {
        this.run = run;
        this.kafka = kafka;
        this.execution = execution;
        this.pin = pin;
        this.programs = programs;
        this.clock = clock;
        this.readiness = new AttackerReadiness(clock, oldestWeights);
    }

    @Override
    public String name() {
        return "attacker";
    }

    @Override
    public Optional<String> notReady() {
        return readiness.problem();
    }

    @Override
    public void run(ServiceContext context) throws Exception {
        Optional<PublishedProgram> published = RunRegistry.await(kafka, run, context::stopping);
        if (published.isEmpty()) {
            return;
        }
        byte[] savedModel = pin.require(published.get()).program();
        ExecutionSettings settled = PrecisionChoice.settle(run.network().precision(), savedModel, execution);
        RecentUpdates recent = RecentUpdates.of(run, PublishedUpdates.of(kafka, run.run(), WeightsPart.WEIGHTS)::at);
        try (ModelProgram program = programs.load(savedModel, settled);
                UpdateFollower updates = UpdateFollower.start(kafka, run.run(), recent, context.aside());
                Samples samples = new Samples(run.run(), run.partitions(), new SampledImages(program),
                        () -> kafka.hasty(new LongSerializer()), clock)) {
            BatchCrafter crafter = new BatchCrafter(run, program, context.instance(), clock);
            Outage.waitOut(context, () -> attack(crafter, updates, recent, samples, context));
        }
    }

    private void attack(BatchCrafter crafter, UpdateFollower updates, RecentUpdates recent, Samples samples,
            ServiceContext context) throws InterruptedException {
        try (Delivery delivery = Delivery.open(run, kafka, context.instance(), clock)) {
            AttackLoop loop = new AttackLoop(run, delivery.clean(), crafter, delivery.answers(), readiness, context, recent,
                    samples::crafted);
            while (!context.stopping()) {
                loop.read(WAIT);
                Update newest = updates.newest().orElse(null);
                if (loop.next(newest)) {
                    updates.awaitOtherThan(newest, WAIT);
                }
            }
        }
    }
}
