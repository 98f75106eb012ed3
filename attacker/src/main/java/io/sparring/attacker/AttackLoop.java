package io.sparring.attacker;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.Traced;
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
import java.util.function.BiFunction;
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
    private final Answers answers;
    private final AttackerReadiness readiness;
    private final ServiceContext context;
    private final RecentUpdates recent;
    private final BiFunction<ImageBatch, AdversarialBatch, Runnable> onlooker;
    private final DeadLetters deadLetters;
    private final StreamMeasurement measurement;
    private long missing = -1;
    private boolean waits;

    /** One that nobody looks at. */
    AttackLoop(RunSpecification run, CleanBatches clean, BatchCrafter crafter, Answers answers,
            AttackerReadiness readiness, ServiceContext context, RecentUpdates recent) {
        this(run, clean, crafter, answers, readiness, context, recent, (batch, made) -> () -> { });
    }

    /**
     * @param recent what batches are crafted against where the run's staleness is exact
     * @param onlooker shown each batch and what was crafted of it, while the weights are those that it was crafted against; what it gives
     *                 is run once that is published
     */
    AttackLoop(RunSpecification run, CleanBatches clean, BatchCrafter crafter, Answers answers, AttackerReadiness readiness,
            ServiceContext context, RecentUpdates recent, BiFunction<ImageBatch, AdversarialBatch, Runnable> onlooker) {
        this.run = run;
        this.clean = clean;
        this.crafter = crafter;
        this.answers = answers;
        this.readiness = readiness;
        readiness.batches(clean::problem);
        this.context = context;
        this.recent = recent;
        this.onlooker = onlooker;
        this.deadLetters = new DeadLetters(run.run(), context.meters());
        this.measurement = new StreamMeasurement(run.prequential(), crafter.program());
    }

    /**
     * Reads what there is room for. While an answer is under way and a batch can be crafted, that comes first: the answer will have
     * come through by then.
     *
     * @param atMost waits so long for a batch if none is held
     */
    void read(Duration atMost) {
        if (answers.underWay() && (waits || clean.lowest().isEmpty())) {
            answers.settle();
        }
        if (!answers.underWay()) {
            clean.poll(atMost);
        }
    }

    /**
     * Answers the held batch of the lowest number, if it may be crafted now that {@code newest} is published.
     *
     * @param newest the newest update, null if there is none yet
     * @return whether a batch is held that has to wait for another update
     */
    boolean next(Update newest) {
        waits = !answer(newest);
        return waits;
    }

    /** Whether no batch is held that has to wait. */
    private boolean answer(Update newest) {
        if (newest != null) {
            readiness.weights(newest.identity());
            context.status().update(newest.identity());
        }
        Optional<ConsumerRecord<Long, Received<ImageBatch>>> next = clean.lowest();
        if (next.isPresent() && answeredUnread(next.get(), newest)) {
            return true;
        }
        if (next.isEmpty() || newest == null || !withinWindow(next.get().key(), newest)) {
            context.status().state(ServiceState.WAITING);
            readiness.paused(newest != null);
            return next.isEmpty();
        }
        readiness.paused(false);
        context.status().state(ServiceState.RUNNING);
        MDC.put("batch", Long.toString(next.get().key()));
        boolean answered = attack(next.get(), newest);
        MDC.remove("batch");
        MDC.remove("update");
        return answered;
    }

    /** The batch that the trainer waits for always is: its number is the update's nextBatch or below the next update's. */
    private boolean withinWindow(long batchNumber, Update newest) {
        return batchNumber - newest.nextBatch() <= run.window();
    }

    private Optional<Update> against(long batchNumber, Update newest) {
        if (!run.exact()) {
            return Optional.of(newest);
        }
        Optional<Update> update = recent.at(run.craftedAt(batchNumber));
        if (update.isEmpty() && missing != batchNumber) {
            // it was trimmed, for the trainer is far ahead of what this attacker has heard of
            missing = batchNumber;
            LOG.warn("waits for newer updates: that made when batch {} was next is not on {} any more",
                    run.craftedAt(batchNumber), RunTopic.MODEL_UPDATES.of(run.run()));
        }
        return update;
    }

    /** What is wrong with the record itself needs no weights to say, and must not hold up the batches behind it. */
    private boolean answeredUnread(ConsumerRecord<Long, Received<ImageBatch>> record, Update newest) {
        Long number = record.key();
        if (number == null || number < 0 || RunTopic.partitionOf(number, run.partitions()) != record.partition()
                || run.endsBefore(number)) {
            // there is no number to refuse it under, and the trainer does not wait for it
            setAside(record, "key: " + number + "; allowed: a batch number of partition " + record.partition()
                    + (run.data().batches() == 0 ? "" : " below " + run.data().batches()));
            return true;
        }
        Optional<String> problem = BatchCheck.problem(record);
        if (problem.isEmpty()) {
            return false;
        }
        if (newest != null && number < newest.nextBatch()) {
            setAside(record, problem.get());
        } else {
            try (Traced refusing = context.tracing().process(record)) {
                refuse(record, crafter.refused(number, problem.get()), refusing);
            }
        }
        return true;
    }

    private void setAside(ConsumerRecord<Long, Received<ImageBatch>> record, String reason) {
        answers.commit(record, List.of(deadLetters.of(record, CLEAN.bytes(record.value()), reason)), committed -> { });
    }

    private void refuse(ConsumerRecord<Long, Received<ImageBatch>> record, AdversarialBatch refusal, Traced refusing) {
        String reason = ((Refused) refusal.getResult()).getReason();
        refusing.failed(reason);
        commit(record, refusal, deadLetters.of(record, CLEAN.bytes(record.value()), reason), refusing,
                () -> Metric.REFUSED.counter(context.meters()).increment());
    }

    /** @param published what to do once the answer and what goes with it are published */
    private void commit(ConsumerRecord<Long, Received<ImageBatch>> record, AdversarialBatch made,
            ProducerRecord<Long, byte[]> beside, Traced of, Runnable published) {
        ProducerRecord<Long, byte[]> answer = answer(record, made);
        Traced sending = context.tracing().send(answer.topic(), of.context());
        answers.commit(record, sending.on(List.of(answer, beside)), committed -> {
            if (committed) {
                published.run();
            } else {
                sending.failed("not published; the batch is crafted again, here or elsewhere");
            }
            sending.close();
        });
    }

    private ProducerRecord<Long, byte[]> answer(ConsumerRecord<Long, Received<ImageBatch>> record, AdversarialBatch made) {
        return new ProducerRecord<>(RunTopic.ADVERSARIAL_BATCHES.of(run.run()), record.partition(), record.key(),
                ADVERSARIAL.encode(made));
    }

    /** Whether it is answered, or needs no answer; otherwise the update that it needs is not there. */
    private boolean attack(ConsumerRecord<Long, Received<ImageBatch>> record, Update newest) {
        if (record.key() < newest.nextBatch()) {
            // it has its outcome: the trainer crafted it while no attacker did
            answers.commit(record, List.of(), committed -> { });
            return true;
        }
        Optional<Update> update = against(record.key(), newest);
        if (update.isEmpty()) {
            return false;
        }
        MDC.put("update", update.get().identity().key());
        try (Traced crafting = context.tracing().process(record, update.get().origin())) {
            attack(record, update.get(), crafting);
        }
        return true;
    }

    private void attack(ConsumerRecord<Long, Received<ImageBatch>> record, Update update, Traced crafting) {
        long start = System.nanoTime();
        AdversarialBatch made = crafter.answer(record, update);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        if (made.getResult() instanceof Crafted crafted) {
            int images = record.value().value().getLabels().size();
            ProducerRecord<Long, byte[]> facts = new ProducerRecord<>(RunTopic.ATTACKS.of(run.run()), 0, record.key(),
                    FACTS.encode(measurement.measure(facts(made, crafted, images, time), record.value().value(),
                            crafter.predicted())));
            Runnable shown = onlooker.apply(record.value().value(), made);
            LOG.debug("crafted {} images in {} ms", images, time.toMillis());
            commit(record, made, facts, crafting, () -> {
                context.status().handled(images);
                Metric.CRAFTING.timer(context.meters()).record(time);
                shown.run();
            });
        } else {
            refuse(record, made, crafting);
        }
    }

    private static Attack facts(AdversarialBatch made, Crafted crafted, int images, Duration time) {
        return Attack.newBuilder().setBatchNumber(made.getBatchNumber()).setAttacker(made.getAttacker())
                .setIncarnation(crafted.getIncarnation()).setStep(crafted.getStep()).setImages(images)
                .setSuccess(crafted.getSuccess()).setLossBefore(crafted.getLossBefore()).setLossAfter(crafted.getLossAfter())
                .setEpsilon(crafted.getEpsilon()).setCraftingSeconds(time.toNanos() / 1e9f)
                .setCreatedAt(made.getCreatedAt()).build();
    }
}
