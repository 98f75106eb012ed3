package io.sparring.trainer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.LatestUpdate;
import io.sparring.pipeline.LostPositionException;
import io.sparring.pipeline.Outage;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.SpecificationVersions;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.simulation.HashingProgram;
import io.sparring.simulation.Formats;
import io.sparring.simulation.SimulatedConsumer;
import io.sparring.simulation.SimulatedProcess;
import io.sparring.simulation.Steps;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What {@link TrainerService} does, as steps: standing by, and one batch after another while it leads. */
public final class TrainerSteps implements Steps {

    static final byte[] PROGRAM = "hashes".getBytes(StandardCharsets.UTF_8);
    private static final String PROGRAM_SHA256 = Sha256.of(PROGRAM);
    /** Far more polls than it takes to read again what is there. */
    private static final int LONGEST = 2_000;
    /** Of each partition at the least. */
    private static final int STAGED = 8;
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private final RunSpecification run;
    private final SimulatedProcess process;
    private final ServiceContext context;
    private final Leadership leadership;
    private final Setbacks setbacks;
    private TrainingSession session;
    private UpdateIdentity begun;
    private StagedBatches batches;
    private int asked;

    /** @param requests what is asked of the run at the moment of asking */
    public TrainerSteps(RunSpecification run, SimulatedProcess process, Supplier<RunRequests> requests) {
        this.run = run;
        this.process = process;
        this.context = new ServiceContext(process.name(), new StatusBoard(process.clock(), METERS), METERS, requests);
        this.setbacks = new Setbacks(run, METERS);
        this.leadership = new Leadership(process.member(run.run() + ".trainers", RunTopic.LEADER, Formats.BYTES, Formats.BYTES),
                RunTopic.LEADER.of(run.run()));
    }

    @Override
    public void step() {
        asked = 0;
        if (!leadership.leads(Duration.ZERO)) {
            session = null;
            return;
        }
        try {
            if (session == null) {
                lead();
            } else if (!session.finished()) {
                session.advance();
                // those that a producer may have sent, and of each partition what one poll gives beyond
                int most = run.data().lead() + run.ahead() + run.partitions() * (STAGED + SimulatedConsumer.MOST);
                if (batches.waiting() > most) {
                    throw new AssertionError(batches.waiting() + " batches are staged, more than " + most);
                }
            } else {
                session.rollBackIfAsked();
            }
        } catch (NotFiniteException e) {
            setbacks.goBack(e);
            session = null;
        } catch (LostPositionException e) {
            setbacks.goBack(e, begun);
            session = null;
        } catch (KafkaException e) {
            if (!Outage.passes(e) && !Outage.fenced(e)) {
                throw e;
            }
            // standing by
            session = null;
        }
    }

    private void lead() {
        Publisher publisher = new Publisher(run, process.transactional(run.run() + ".trainer", new ByteArraySerializer()),
                trimming(), process.clock());
        Checkpoints checkpoints = new Checkpoints(() -> process.reader(Formats.NAMES, Formats.CHECKPOINTS), run.run(),
                SetAside.LOGGED, () -> false);
        StartingPoint start = start(publisher, checkpoints);
        begun = start.state().identity();
        batches = StagedBatches.from(run, start, process.reader(Formats.NUMBERS, Formats.CLEAN),
                process.reader(Formats.NUMBERS, Formats.ADVERSARIAL), context);
        BooleanSupplier goesOn = () -> {
            if (++asked > LONGEST) {
                throw new AssertionError("waits for ever for a batch that has its outcome");
            }
            return leadership.leads(Duration.ZERO);
        };
        TrainingSession begun = new TrainingSession(run, start, batches, publisher, context, program -> HashingProgram.of(run),
                checkpoints::of, LatestUpdate.recent(run, () -> process.reader(Formats.NAMES, Formats.UPDATES)), goesOn,
                process.clock(), new TrainerMetrics(METERS, process.clock()), setbacks);
        if (begun.begin()) {
            session = begun;
        }
    }

    private Optional<Trimming> trimming() {
        return run.log().equals("keep") ? Optional.empty() : Optional.of(new Trimming(run, records -> {
            Map<TopicPartition, Long> below = new TreeMap<>(Comparator.comparing(TopicPartition::toString));
            records.forEach((partition, offset) -> below.put(partition, offset.beforeOffset()));
            process.delete(below);
            return KafkaFuture.completedFuture(null);
        }, () -> KeptCheckpoint.read(process.reader(Formats.NAMES, Formats.CHECKPOINTS), run.run(), () -> false), METERS));
    }

    /** As {@link StartingPoint#read}, without a model program that has to be built. */
    private StartingPoint start(Publisher publisher, Checkpoints checkpoints) {
        TopicPartition runs = new TopicPartition(RunTopic.RUNS.of(run.run()), 0);
        if (process.reader(Formats.BYTES, Formats.BYTES).endOffsets(List.of(runs)).get(runs) == 0) {
            publisher.publishRun(PROGRAM);
        }
        Optional<SavedState> checkpoint = checkpoints.newest();
        List<Long> zeros = Collections.nCopies(run.partitions(), 0L);
        SavedState state = checkpoint.orElseGet(() -> SavedState.initial(new Position(0L, List.of(), zeros, zeros),
                PROGRAM_SHA256, HashingProgram.initial(run.seed())));
        Consumer<Long, Received<TrainingStep>> steps = process.reader(Formats.NUMBERS, Formats.STEPS);
        return new StartingPoint(PROGRAM, PROGRAM_SHA256, SpecificationVersions.of(run), state,
                TrainingLog.from(steps, run.run(), new Outcomes(state.position()), SetAside.LOGGED, () -> false),
                checkpoint.isEmpty());
    }
}
