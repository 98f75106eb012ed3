package io.sparring.simulation;

import static io.sparring.simulation.CommittedBatches.require;

import io.sparring.attacker.AttackerSteps;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.producer.ProducerSteps;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunState;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import io.sparring.trainer.CommittedTraining;
import io.sparring.trainer.TrainerSteps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * A run from its first batch to its last with one broker, all drawn from a seed: its settings, whose turn it is, and what goes
 * wrong. Services are the production classes; time and the broker are not. Whatever is committed is checked at once.
 *
 * <p>A process that is stopped within a call stays on the stack while the others go on, so nothing needs a thread.
 */
final class Simulation implements Fate {

    private static final WireFormat<AdversarialBatch> ADVERSARIAL = WireFormat.of(AdversarialBatch.class);
    private static final byte[] NOISE = {1, 2, 3};
    private static final int DEEPEST = 3;
    /** Events in which a run without mishaps has long ended. */
    private static final int LONGEST_CALM = 20_000;

    private final Random random;
    private final RunSpecification run;
    private final Consumer<String> trace;
    private final SimulatedBroker broker;
    private final CommittedBatches batches;
    private final CommittedTraining training;
    private final IncomingSender incoming;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, RunTopic> topics;
    private final Map<TopicPartition, Long> crafted = new HashMap<>();
    private final int storm;
    private final int rarity;
    private final int slowness;
    private final boolean attackersLeave;
    private RunRequests requests = RunRequests.NONE;
    private int events;
    private int depth;
    private int started;
    private String trainerOf = "";
    private int trainerEpoch;

    /** Where a process of a role runs, and is started again once it is gone. */
    private static final class Place {
        private final String role;
        private final Function<SimulatedProcess, Steps> program;
        private SimulatedProcess process;
        private long startAt;
        private boolean replaced;

        Place(String role, Function<SimulatedProcess, Steps> program) {
            this.role = role;
            this.program = program;
        }
    }

    /** @param trace is told of each event; may be null */
    Simulation(long seed, Consumer<String> trace) {
        this(RandomRun.of(seed), new Random(seed * 0x9E3779B97F4A7C15L + 1), trace, true, true);
    }

    /** One whose broker lets everybody write who ever took a transactional id. */
    static Simulation withoutFencing(long seed) {
        return new Simulation(RandomRun.of(seed), new Random(seed), null, true, false);
    }

    /** One of the same specification in which nothing goes wrong. */
    static Simulation undisturbed(RunSpecification run) {
        return new Simulation(run, new Random(run.seed()), null, false, true);
    }

    private Simulation(RunSpecification run, Random random, Consumer<String> trace, boolean disturbed, boolean fences) {
        this.run = run;
        this.random = random;
        this.trace = trace;
        broker = new SimulatedBroker(run.run(), run.partitions(), fences, random, this::committed);
        batches = new CommittedBatches(run);
        incoming = new IncomingSender(run, broker);
        training = new CommittedTraining(run, batches, () -> requests.rollback());
        topics = Arrays.stream(RunTopic.values()).collect(Collectors.toMap(topic -> topic.of(run.run()), topic -> topic));
        storm = disturbed ? random.nextInt(1500) : 0;
        rarity = 20 << random.nextInt(6);
        slowness = 10 << random.nextInt(6);
        attackersLeave = disturbed && chance(10);
        places.add(new Place("producer", process -> new ProducerSteps(run, process)));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            String instance = "a" + i;
            places.add(new Place("attacker-" + i, process -> new AttackerSteps(run, process, instance)));
        }
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            places.add(new Place("trainer-" + i, process -> new TrainerSteps(run, process, () -> requests)));
        }
    }

    /** @throws AssertionError when a promise is broken */
    void run() {
        while (!run.endsBefore(training.next())) {
            event();
        }
        for (int i = 0; i < 60; i++) {
            event();
        }
        require(training.next() == run.data().batches(), () -> "there are outcomes beyond the last batch");
    }

    RunSpecification specification() {
        return run;
    }

    /** Whether the weights are a function of the specification alone: no operator has interfered. */
    boolean decided() {
        return run.exact() && requests.rollback().isEmpty();
    }

    /** Digest of the weights. */
    String weights() {
        return training.weights();
    }

    private boolean stormy() {
        return events < storm;
    }

    private void event() {
        events++;
        require(events < storm + LONGEST_CALM, () -> "no end: batch " + training.next() + " of " + run.data().batches()
                + " has no outcome, " + batches.answered() + " are answered");
        broker.forward(random.nextInt(chance(100) ? 4000 : slowness));
        if (chance(2)) {
            broker.mark();
        }
        if (stormy()) {
            mishap();
        }
        if (run.data().incoming()) {
            incoming.requireKept();
            if (chance(3)) {
                incoming.send(1 + random.nextInt(4), stormy() && chance(10));
            }
        }
        if (attackersLeave && events > storm / 2) {
            places.removeIf(place -> place.role.startsWith("attacker") && (place.process == null || leave(place)));
        }
        Place place = places.get(random.nextInt(places.size()));
        if (place.process == null) {
            if (broker.now() >= place.startAt || !stormy()) {
                place.process = new SimulatedProcess(place.role + "." + started++, broker, this, place.program);
                trace(place.process, "starts", "");
            }
        } else if (!place.process.busy()) {
            step(place);
        }
    }

    private boolean leave(Place place) {
        if (!place.process.busy()) {
            place.process.kill();
        }
        return place.process.over();
    }

    private void step(Place place) {
        SimulatedProcess process = place.process;
        try {
            process.step();
            return;
        } catch (Killed e) {
            trace(process, "is killed", "");
            process.kill();
        } catch (ProducerFencedException | InvalidProducerEpochException | TimeoutException e) {
            trace(process, "ends:", e);
            process.end();
        } catch (IllegalStateException e) {
            require(e.getMessage().contains("timed out"), () -> e.toString());
            trace(process, "ends:", e);
            process.end();
        }
        place.process = null;
        place.startAt = broker.now() + random.nextInt(chance(4) ? 15_000 : 500);
        if (place.replaced) {
            places.remove(place);
        }
    }

    /** What goes wrong elsewhere than in a call. */
    private void mishap() {
        if (chance(rarity * 2)) {
            trace(null, "rebalance", "");
            broker.shake();
        }
        Place place = places.get(random.nextInt(places.size()));
        if (place.process != null && chance(rarity * 2)) {
            long jump = random.nextInt(7_200_000) - 3_600_000;
            trace(place.process, "clock jumps by", jump);
            place.process.jumpClock(jump);
        }
        if (chance(rarity * 2) && batches.answered() > 0) {
            appendCopy(random.nextInt((int) training.next() + 1));
        }
        boolean done = requests.rollback().map(asked -> asked.getIncarnation() <= training.incarnation()).orElse(true);
        if (done && chance(rarity * 20) && !training.olderCheckpoints().isEmpty()) {
            List<UpdateIdentity> checkpoints = training.olderCheckpoints();
            UpdateIdentity checkpoint = checkpoints.get(random.nextInt(checkpoints.size()));
            trace(null, "rollback to", checkpoint);
            requests = new RunRequests(RunState.RUNNING, Optional.of(new Rollback(training.incarnation() + 1,
                    checkpoint.incarnation(), checkpoint.step(), Instant.EPOCH)), new SpecificationVersions(List.of()));
        }
    }

    /** A second copy of an adversarial batch, or bytes that are none. */
    private void appendCopy(long number) {
        boolean noise = chance(3);
        if (!noise && batches.first(number) == null) {
            return;
        }
        int epoch = broker.takeOver("copier");
        SimulatedTransaction transaction = broker.begin("copier", epoch, "copier");
        byte[] value = noise ? NOISE : ADVERSARIAL.encode(
                new AdversarialBatch(number, "copier", new Refused("a second copy"), Instant.EPOCH));
        trace(null, noise ? "unreadable copy of" : "second copy of", number);
        broker.append(transaction, new TopicPartition(RunTopic.ADVERSARIAL_BATCHES.of(run.run()),
                RunTopic.partitionOf(number, run.partitions())), new LongSerializer().serialize(null, number), value,
                new RecordHeaders());
        broker.end(transaction, true);
    }

    @Override
    public void at(SimulatedProcess process, String call, Object what) {
        trace(process, call, what);
        if (stormy()) {
            int dice = random.nextInt(rarity * 4);
            if (dice == 0) {
                throw new Killed();
            } else if (dice == 1 && depth < DEEPEST) {
                stop(process);
            }
        }
    }

    /** The process stands still for a while, and another may be started in its place. */
    private void stop(SimulatedProcess process) {
        trace(process, "is stopped", "");
        process.silent(true);
        if (chance(3)) {
            places.stream().filter(place -> place.process == process && !place.replaced).findFirst().ifPresent(place -> {
                place.replaced = true;
                places.add(new Place(place.role, place.program));
            });
        }
        depth++;
        for (int i = random.nextInt(chance(4) ? 300 : 30); i > 0; i--) {
            event();
        }
        depth--;
        process.silent(false);
        trace(process, "goes on", "");
    }

    @Override
    public boolean losesAnswer(SimulatedProcess process) {
        return stormy() && chance(rarity * 2);
    }

    @Override
    public boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    @Override
    public void await(SimulatedProcess process, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            event();
        }
    }

    private void committed(SimulatedTransaction transaction) {
        trace(null, "committed by", transaction.by());
        List<TrainingStep> steps = new ArrayList<>();
        List<ModelUpdate> updates = new ArrayList<>();
        List<ConsumerRecord<String, Received<Checkpoint>>> checkpoints = new ArrayList<>();
        if (transaction.id().equals(run.run() + ".trainer")) {
            require(transaction.epoch() > trainerEpoch || transaction.by().equals(trainerOf), () -> "two trainers at one time");
            trainerEpoch = transaction.epoch();
            trainerOf = transaction.by();
        }
        if (transaction.id().startsWith(run.run() + ".attacker.")) {
            requireOneBatch(transaction);
        }
        for (SimulatedRecord record : transaction.records()) {
            RunTopic topic = topics.get(record.topic());
            if (topic == RunTopic.CLEAN_BATCHES) {
                batches.addClean(record.read(Formats.NUMBERS, Formats.CLEAN));
                if (run.data().incoming()) {
                    incoming.committed(record.read(Formats.NUMBERS, Formats.CLEAN).value().value());
                }
                long number = Formats.NUMBERS.deserialize(null, record.key());
                require(number <= training.highest() + run.data().lead(),
                        () -> "batch " + number + " is further ahead than the lead");
            } else if (topic == RunTopic.ADVERSARIAL_BATCHES) {
                ConsumerRecord<Long, Received<AdversarialBatch>> read = record.read(Formats.NUMBERS, Formats.ADVERSARIAL);
                if (read.value().isReadable()) {
                    training.commit(read.value().value());
                    batches.addAdversarial(read);
                }
            } else if (topic == RunTopic.TRAINING_STEPS) {
                steps.add(record.read(Formats.NUMBERS, Formats.STEPS).value().value());
            } else if (topic == RunTopic.MODEL_UPDATES) {
                updates.add(record.read(Formats.NAMES, Formats.UPDATES).value().value());
            } else if (topic == RunTopic.CHECKPOINTS) {
                checkpoints.add(record.read(Formats.NAMES, Formats.CHECKPOINTS));
            }
        }
        if (steps.size() + updates.size() + checkpoints.size() > 0) {
            training.commit(steps, updates, checkpoints);
        }
    }

    /** An attacker answers one clean batch in a transaction, and no other has: that after the group's position. */
    private void requireOneBatch(SimulatedTransaction transaction) {
        require(transaction.positions().size() == 1, () -> transaction.by() + " moves " + transaction.positions());
        transaction.positions().forEach((partition, position) -> {
            long before = crafted.getOrDefault(partition, 0L);
            // what the trainer has trimmed it has answered itself
            long start = broker.partition(partition).start();
            long done = LongStream.range(Math.max(before, start), position.offset()).filter(offset ->
                    broker.partition(partition).at(offset).committed()).count();
            require(position.offset() > before && (start > before ? done <= 1 : done == 1), () -> transaction.by() + " moves " + partition + " from " + before + " to " + position.offset()
                    + ", over " + done + " batches");
            crafted.put(partition, position.offset());
        });
    }

    private void trace(SimulatedProcess process, String event, Object what) {
        if (trace != null) {
            String text = what instanceof ProducerRecord<?, ?> record ? record.topic() + "-" + record.partition()
                    : what.toString();
            trace.accept("%6d %8d ms %s%s %s %s".formatted(events, broker.now() - SimulatedBroker.BEGINNING, "  ".repeat(depth),
                    process == null ? "" : process.name(), event, text));
        }
    }
}
