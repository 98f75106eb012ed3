package io.sparring.attacker;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PrecisionChoice;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * Crafts the adversarial batch of each clean batch of its partitions, against the newest update at that moment and no
 * further ahead of the trainer than the run's window. A batch, its facts and the position behind it are one transaction.
 */
public final class AttackerService implements Service {

    private static final Duration WAIT = Duration.ofMillis(100);
    /** A member that is killed has its partitions taken over after this long. */
    private static final int SESSION_MILLIS = 6_000;

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ExecutionSettings execution;
    private final Clock clock;
    private final AttackerReadiness readiness;

    /** @param oldestWeights how old the newest update may be before the attacker no longer calls itself ready */
    public AttackerService(RunSpecification run, KafkaSettings kafka, ExecutionSettings execution, Clock clock,
            Duration oldestWeights) {
        this.run = run;
        this.kafka = kafka;
        this.execution = execution;
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
        byte[] savedModel = published.get().program();
        ExecutionSettings settled = PrecisionChoice.settle(run.network().precision(), savedModel, execution);
        try (ModelProgram program = ModelProgram.load(savedModel, settled);
                UpdateFollower updates = UpdateFollower.start(kafka, run.run(), WeightsPart.WEIGHTS, update -> true,
                        context.aside());
                Producer<Long, byte[]> producer =
                        kafka.transactional(run.run() + ".attacker." + context.instance(), new LongSerializer());
                CleanBatches clean = new CleanBatches(kafka.member(run.run() + ".attackers", SESSION_MILLIS,
                        new BatchNumberDeserializer(), WireFormat.of(ImageBatch.class).receiver()),
                        RunTopic.CLEAN_BATCHES.of(run.run()))) {
            AttackLoop loop = new AttackLoop(run, clean, new BatchCrafter(run, program, context.instance(), clock),
                    new AttackTransactions(producer, clean), readiness, context);
            while (!context.stopping()) {
                clean.poll(WAIT);
                Update newest = updates.newest().orElse(null);
                if (loop.next(newest)) {
                    updates.awaitOtherThan(newest, WAIT);
                }
            }
        }
    }
}
