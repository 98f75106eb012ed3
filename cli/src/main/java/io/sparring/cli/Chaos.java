package io.sparring.cli;

import io.sparring.cli.ChaosPlan.Blow;
import io.sparring.dashboard.Dashboard;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Update;
import io.sparring.producer.DataSets;
import io.sparring.schemas.WeightsPart;
import io.sparring.trainer.Replay;
import io.sparring.trainer.ReplayResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/**
 * A whole run whose processes are killed one after the other while it goes on; then everything that it promises is checked
 * against what it has committed.
 */
final class Chaos {

    /** Folder of the broker's data, below the chaos run's. */
    static final String BROKER = "broker";
    /** Folder of the services' logs, below the chaos run's. */
    static final String LOGS = "logs";

    private final RunSpecification run;
    private final RunSpecification undisturbed;
    private final ChaosPlan plan;
    private final ChaosServices processes;
    private final Path folder;
    private final Consumer<String> say;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final long startNanos = System.nanoTime();

    /**
     * @param run keeps its log
     * @param undisturbed the same under another name, to compare with
     * @param say is told what happens
     */
    Chaos(RunSpecification run, RunSpecification undisturbed, ChaosPlan plan, ChaosServices processes, Path folder,
            Consumer<String> say) {
        this.run = run;
        this.undisturbed = undisturbed;
        this.plan = plan;
        this.processes = processes;
        this.folder = folder;
        this.say = say;
    }

    /** Ends it early, without a result; for another thread. */
    void stop() {
        stop.countDown();
    }

    ChaosResult run() throws IOException, InterruptedException, ExecutionException {
        try (MortalBroker broker = MortalBroker.start(folder.resolve(BROKER))) {
            KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
            say.accept("Kafka at " + broker.bootstrapServers() + ", logs in " + folder.resolve(LOGS));
            ChaosTally tally = disturb(kafka, broker);
            List<String> open;
            try (Admin admin = kafka.admin()) {
                open = OpenTransactions.lasting(admin, run, stop);
            }
            RunAudit audit = new RunAudit(run, kafka);
            Optional<String> weights = PublishedUpdates.of(kafka, run.run(), WeightsPart.WEIGHTS).newest().map(Update::sha256);
            boolean identical = run.exact() ? weights.equals(undisturbed(kafka, broker.bootstrapServers())) : replayed(kafka);
            return result(tally, audit, open, weights.orElse(null), identical);
        }
    }

    private ChaosTally disturb(KafkaSettings kafka, MortalBroker broker) throws IOException, InterruptedException {
        createTopics(kafka, run);
        RunProgress progress = new RunProgress(run);
        try (Dashboard dashboard = Dashboard.start(run, DataSets.classNames(run.data().name()), kafka,
                        new HttpSettings("127.0.0.1", 0), Clock.systemUTC());
                RunMonitor monitor = RunMonitor.start(kafka, run.run(), progress);
                ServiceProcesses services = new ServiceProcesses(say, plan.blows().size() + 20)) {
            say.accept("dashboard at " + dashboard.address());
            processes.start(services, run, broker.bootstrapServers(), folder.resolve(LOGS));
            ChaosHand hand = new ChaosHand(run, processes, services, broker, progress, say, stop);
            for (Blow blow : plan.blows()) {
                if (hand.awaitStep()) {
                    hand.strike(blow);
                }
            }
            hand.awaitEnd();
            return hand.tally();
        }
    }

    /** Digest of the final weights of a run of the same specification that nobody disturbs. */
    private Optional<String> undisturbed(KafkaSettings kafka, String bootstrapServers) throws IOException, InterruptedException {
        say.accept("run " + undisturbed.run() + ": the same, undisturbed");
        createTopics(kafka, undisturbed);
        RunProgress progress = new RunProgress(undisturbed);
        try (RunMonitor monitor = RunMonitor.start(kafka, undisturbed.run(), progress);
                ServiceProcesses services = new ServiceProcesses(say)) {
            processes.start(services, undisturbed, bootstrapServers, folder.resolve(LOGS).resolve("undisturbed"));
            new ChaosHand(undisturbed, processes, services, null, progress, say, stop).awaitEnd();
        }
        return PublishedUpdates.of(kafka, undisturbed.run(), WeightsPart.WEIGHTS).newest().map(Update::sha256);
    }

    /** Whether the run, trained again from its log, has the recorded weights at every publishing step. */
    private boolean replayed(KafkaSettings kafka) throws InterruptedException {
        ReplayResult result;
        try {
            result = new Replay(run, kafka, ProgramPin.NONE, ExecutionSettings.standard(), true, Long.MAX_VALUE, false,
                    this::sayUnlessStopped, Clock.systemUTC()).run();
        } catch (Stop.StoppedException e) {
            throw new InterruptedException("stopped");
        }
        if (!result.allIdentical()) {
            say.accept("replay: " + result.firstDifference());
        }
        return result.allIdentical();
    }

    private void sayUnlessStopped(String line) {
        if (stop.getCount() == 0) {
            throw new Stop.StoppedException();
        }
        say.accept(line);
    }

    private String compared() {
        return run.exact() ? "undisturbed run" : "own replay";
    }

    private static void createTopics(KafkaSettings kafka, RunSpecification run) {
        try (Admin admin = kafka.admin()) {
            new RunTopics(admin).create(run, (short) 1);
        }
    }

    private ChaosResult result(ChaosTally tally, RunAudit audit, List<String> open, String weights, boolean identical) {
        List<String> broken = new ArrayList<>(audit.broken());
        if (!open.isEmpty()) {
            broken.add(OutcomeAudit.broken("no transaction is left open", open));
        }
        if (!identical) {
            broken.add("the weights are those of the " + compared() + ": not so");
        }
        int missing = plan.kills() - tally.killed();
        if (missing > 0) {
            broken.add("the run is long enough: all " + run.data().batches() + " batches were done before " + missing + " of "
                    + plan.kills() + " kills; more with --set data.batches=N");
        }
        double seconds = Math.round(Duration.ofNanos(System.nanoTime() - startNanos).toMillis() / 100.0) / 10.0;
        OutcomeAudit outcomes = audit.outcomes();
        return new ChaosResult(tally.kills(), tally.faults(), tally.pauses(), tally.deaths(), audit.recorded()
                - outcomes.duplicated(), outcomes.lost(), outcomes.duplicated(), identical,
                compared(), weights, outcomes.maxStaleness(), outcomes.incarnations(),
                seconds, broken);
    }
}
