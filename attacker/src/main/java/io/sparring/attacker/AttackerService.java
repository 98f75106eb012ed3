package io.sparring.attacker;

import io.micrometer.core.instrument.Timer;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Update;
import io.sparring.pipeline.UpdateFollower;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Attack;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.WireFormat;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Crafts the adversarial batch of each clean batch of its partitions, against the newest update at that moment and no
 * further ahead of the trainer than the run's window. A batch, its facts and the position behind it are one transaction.
 */
public final class AttackerService implements Service {

    private static final Logger LOG = LoggerFactory.getLogger(AttackerService.class);
    private static final WireFormat<AdversarialBatch> ADVERSARIAL = WireFormat.of(AdversarialBatch.class);
    private static final WireFormat<Attack> FACTS = WireFormat.of(Attack.class);
    private static final Duration WAIT = Duration.ofMillis(100);
    /** A member that is killed has its partitions taken over after this long. */
    private static final int SESSION_MILLIS = 6_000;

    private final RunSpecification run;
    private final KafkaSettings kafka;
    private final ExecutionSettings execution;
    private final Clock clock;
    private final AttackerReadiness readiness;

    private ServiceContext context;
    private CleanBatches clean;
    private Producer<Long, byte[]> producer;
    private BatchCrafter crafter;
    private DeadLetters deadLetters;

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
    public void run(ServiceContext serviceContext) throws Exception {
        context = serviceContext;
        deadLetters = new DeadLetters(run.run(), context.meters());
        Optional<PublishedProgram> published = RunRegistry.await(kafka, run, context::stopping);
        if (published.isEmpty()) {
            return;
        }
        try (ModelProgram program = ModelProgram.load(published.get().program(), execution);
                UpdateFollower updates = UpdateFollower.start(kafka, run.run(), update -> true);
                Producer<Long, byte[]> transactional =
                        kafka.transactional(run.run() + ".attacker." + context.instance(), new LongSerializer());
                CleanBatches batches = new CleanBatches(kafka.member(run.run() + ".attackers", SESSION_MILLIS,
                        new LongDeserializer(), WireFormat.of(ImageBatch.class).receiver()), RunTopic.CLEAN_BATCHES.of(run.run()))) {
            clean = batches;
            producer = transactional;
            crafter = new BatchCrafter(run, program, context.instance(), clock);
            producer.initTransactions();
            while (!context.stopping()) {
                attackNext(updates);
            }
        }
    }

    private void attackNext(UpdateFollower updates) throws InterruptedException {
        clean.poll(WAIT);
        readiness.assigned(clean.assigned());
        Update newest = updates.newest().orElse(null);
        Optional<ConsumerRecord<Long, Received<ImageBatch>>> next = clean.lowest();
        if (newest != null) {
            readiness.weights(newest.identity());
            context.status().update(newest.identity());
        }
        if (next.isEmpty() || newest == null || !withinWindow(next.get().key(), newest)) {
            context.status().state(ServiceState.WAITING);
            readiness.paused(newest != null);
            if (next.isPresent()) {
                updates.awaitOtherThan(newest, WAIT);
            }
            return;
        }
        readiness.paused(false);
        context.status().state(ServiceState.RUNNING);
        MDC.put("batch", Long.toString(next.get().key()));
        MDC.put("update", newest.identity().key());
        attack(next.get(), newest);
        MDC.remove("batch");
        MDC.remove("update");
    }

    /** The batch that the trainer waits for always is: its number is the update's nextBatch or below the next update's. */
    private boolean withinWindow(long batchNumber, Update newest) {
        return batchNumber - newest.nextBatch() <= run.staleness().atMost();
    }

    private void attack(ConsumerRecord<Long, Received<ImageBatch>> record, Update update) {
        if (record.key() < update.nextBatch()) {
            // it has its outcome: the trainer crafted it while no attacker did
            commit(record, null, null);
            return;
        }
        long start = System.nanoTime();
        Optional<String> problem = BatchCheck.problem(record);
        AdversarialBatch made = problem.isPresent()
                ? crafter.refused(record.key(), problem.get()) : crafter.craft(record.value().value(), update);
        float seconds = (System.nanoTime() - start) / 1e9f;
        commit(record, made, made.getResult() instanceof Crafted crafted ? fact(record, made, crafted, seconds) : null);
        if (made.getResult() instanceof Crafted) {
            int images = record.value().value().getLabels().size();
            context.status().handled(images);
            Timer.builder("sparring.crafting").description("Time to craft a batch").register(context.meters())
                    .record(Duration.ofNanos(System.nanoTime() - start));
            LOG.debug("crafted {} images in {} s", images, seconds);
        } else {
            context.meters().counter("sparring.refused").increment();
        }
    }

    private static Attack fact(ConsumerRecord<Long, Received<ImageBatch>> record, AdversarialBatch made, Crafted crafted,
            float seconds) {
        return new Attack(made.getBatchNumber(), made.getAttacker(), crafted.getIncarnation(), crafted.getStep(),
                record.value().value().getLabels().size(), crafted.getSuccess(), crafted.getLossBefore(),
                crafted.getLossAfter(), crafted.getEpsilon(), seconds, made.getCreatedAt());
    }

    /** Crafting came before: a transaction is open for milliseconds only, and holds no reader up. */
    private void commit(ConsumerRecord<Long, Received<ImageBatch>> record, AdversarialBatch made, Attack fact) {
        try {
            producer.beginTransaction();
            if (made != null) {
                producer.send(new ProducerRecord<>(RunTopic.ADVERSARIAL_BATCHES.of(run.run()), record.partition(),
                        record.key(), ADVERSARIAL.encode(made)));
            }
            if (fact != null) {
                producer.send(new ProducerRecord<>(RunTopic.ATTACKS.of(run.run()), 0, record.key(), FACTS.encode(fact)));
            }
            if (record.value() != null && !record.value().isReadable()) {
                producer.send(deadLetters.of(record, record.value().raw(), record.value().failure()));
            }
            producer.sendOffsetsToTransaction(CleanBatches.after(record), clean.group());
            producer.commitTransaction();
            clean.done(record);
        } catch (ProducerFencedException | InvalidProducerEpochException | AuthorizationException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("transaction given up, the batch is crafted again: {}", e.toString());
            producer.abortTransaction();
            clean.rewind();
        }
    }
}
