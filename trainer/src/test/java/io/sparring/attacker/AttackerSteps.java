package io.sparring.attacker;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.LatestUpdate;
import io.sparring.pipeline.RecentUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.RunTopic;
import io.sparring.simulation.Formats;
import io.sparring.simulation.HashingProgram;
import io.sparring.simulation.SimulatedProcess;
import io.sparring.simulation.Steps;
import java.time.Duration;
import org.apache.kafka.common.serialization.LongSerializer;

/** What {@link AttackerService} does once the run is published, as steps. */
public final class AttackerSteps implements Steps {

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();

    private final LatestUpdate updates;
    private final AttackLoop loop;
    private boolean later;

    /** @param instance name of the process, which one that is started in its place may take over */
    public AttackerSteps(RunSpecification run, SimulatedProcess process, String instance) {
        ServiceContext context = new ServiceContext(instance, new StatusBoard(process.clock(), METERS), METERS);
        RecentUpdates recent = LatestUpdate.recent(run, () -> process.reader(Formats.NAMES, Formats.UPDATES));
        updates = new LatestUpdate(process.reader(Formats.NAMES, Formats.UPDATES), run.run(), recent);
        GroupedBatches clean = new GroupedBatches(process.member(run.run() + ".attackers", RunTopic.CLEAN_BATCHES, Formats.NUMBERS, Formats.CLEAN),
                RunTopic.CLEAN_BATCHES.of(run.run()));
        loop = new AttackLoop(run, clean, new BatchCrafter(run, HashingProgram.of(run), instance, process.clock()),
                new AttackTransactions(process.transactional(run.run() + ".attacker." + instance, new LongSerializer()), clean, this::aside),
                new AttackerReadiness(process.clock(), Duration.ofMinutes(1)), context, recent);
    }

    /** Every other transaction is made once the next batch is crafted: the process may end before. */
    private void aside(Runnable transaction) {
        later = !later;
        if (!later) {
            transaction.run();
        }
    }

    @Override
    public void step() {
        loop.read(Duration.ZERO);
        updates.poll();
        loop.next(updates.newest());
    }
}
