package io.sparring.attacker;

import io.micrometer.core.instrument.Timer;
import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Attack;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What an attacker does with the batches it holds, one at a time and no further ahead of the trainer than the run's window. */
final class AttackLoop {

    private static final Logger LOG = LoggerFactory.getLogger(AttackLoop.class);
    private static final WireFormat<ImageBatch> CLEAN = WireFormat.of(ImageBatch.class);
    private static final WireFormat<AdversarialBatch> ADVERSARIAL = WireFormat.of(AdversarialBatch.class);
    private static final WireFormat<Attack> FACTS = WireFormat.of(Attack.class);

    private final RunSpecification run;
    private final CleanBatches clean;
    private final BatchCrafter crafter;
    private final AttackTransactions transactions;
    private final AttackerReadiness readiness;
    private final ServiceContext context;
    private final RecentUpdates recent;
    private final DeadLetters deadLetters;

    /** @param recent what batches are crafted against where the run's staleness is exact */
    AttackLoop(RunSpecification run, CleanBatches clean, BatchCrafter crafter, AttackTransactions transactions,
            AttackerReadiness readiness, ServiceContext context, RecentUpdates recent) {
        this.run = run;
        this.clean = clean;
        this.crafter = crafter;
        this.transactions = transactions;
        this.readiness = readiness;
        this.context = context;
        this.recent = recent;
        this.deadLetters = new DeadLetters(run.run(), context.meters());
    }

    /**
     * Answers the held batch of the lowest number, if it may be crafted now that {@code newest} is published.
     *
     * @param newest the newest update, null if there is none yet
     * @return whether a batch is held that has to wait for another update
     */
    boolean next(Update newest) {
        readiness.assigned(clean.assigned());
        if (newest != null) {
            readiness.weights(newest.identity());
            context.status().update(newest.identity());
        }
        Optional<ConsumerRecord<Long, Received<ImageBatch>>> next = clean.lowest();
        if (next.isPresent() && !hasNumber(next.get())) {
            setAside(next.get());
            return false;
        }
        if (next.isEmpty() || newest == null || !withinWindow(next.get().key(), newest)) {
            context.status().state(ServiceState.WAITING);
            readiness.paused(newest != null);
            return next.isPresent();
        }
        readiness.paused(false);
        context.status().state(ServiceState.RUNNING);
        MDC.put("batch", Long.toString(next.get().key()));
        attack(next.get(), newest);
        MDC.remove("batch");
        MDC.remove("update");
        return false;
    }

    /** The batch that the trainer waits for always is: its number is the update's nextBatch or below the next update's. */
    private boolean withinWindow(long batchNumber, Update newest) {
        return batchNumber - newest.nextBatch() <= run.window();
    }

    private Update against(long batchNumber, Update newest) {
        if (!run.exact()) {
            return newest;
        }
        long nextBatch = run.craftedAt(batchNumber);
        return recent.at(nextBatch).orElseThrow(() -> new IllegalStateException("batch " + batchNumber
                + " is to be crafted against the update made when batch " + nextBatch + " was next, which is not on "
                + RunTopic.MODEL_UPDATES.of(run.run()) + " any more"));
    }

    private boolean hasNumber(ConsumerRecord<Long, Received<ImageBatch>> record) {
        return record.key() != null && record.key() >= 0
                && RunTopic.partitionOf(record.key(), run.partitions()) == record.partition();
    }

    /** There is no number to refuse it under, and the trainer does not wait for it. */
    private void setAside(ConsumerRecord<Long, Received<ImageBatch>> record) {
        transactions.commit(record, List.of(deadLetters.of(record, bytes(record.value()),
                "key: " + record.key() + "; allowed: a batch number of partition " + record.partition())));
    }

    private void attack(ConsumerRecord<Long, Received<ImageBatch>> record, Update newest) {
        if (record.key() < newest.nextBatch()) {
            // it has its outcome: the trainer crafted it while no attacker did
            transactions.commit(record, List.of());
            return;
        }
        Update update = against(record.key(), newest);
        MDC.put("update", update.identity().key());
        long start = System.nanoTime();
        AdversarialBatch made = crafter.answer(record, update);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        ProducerRecord<Long, byte[]> answer = new ProducerRecord<>(RunTopic.ADVERSARIAL_BATCHES.of(run.run()),
                record.partition(), record.key(), ADVERSARIAL.encode(made));
        if (made.getResult() instanceof Crafted crafted) {
            int images = record.value().value().getLabels().size();
            ProducerRecord<Long, byte[]> facts = new ProducerRecord<>(RunTopic.ATTACKS.of(run.run()), 0, record.key(),
                    FACTS.encode(facts(made, crafted, images, time)));
            if (transactions.commit(record, List.of(answer, facts))) {
                context.status().handled(images);
                Timer.builder("sparring.crafting").description("Time to craft a batch").register(context.meters()).record(time);
                LOG.debug("crafted {} images in {} ms", images, time.toMillis());
            }
        } else if (transactions.commit(record, List.of(answer,
                deadLetters.of(record, bytes(record.value()), ((Refused) made.getResult()).getReason())))) {
            context.meters().counter("sparring.refused").increment();
        }
    }

    private static Attack facts(AdversarialBatch made, Crafted crafted, int images, Duration time) {
        return new Attack(made.getBatchNumber(), made.getAttacker(), crafted.getIncarnation(), crafted.getStep(), images,
                crafted.getSuccess(), crafted.getLossBefore(), crafted.getLossAfter(), crafted.getEpsilon(),
                time.toNanos() / 1e9f, made.getCreatedAt());
    }

    private static byte[] bytes(Received<ImageBatch> received) {
        return received == null ? null : received.isReadable() ? CLEAN.encode(received.value()) : received.raw();
    }
}
