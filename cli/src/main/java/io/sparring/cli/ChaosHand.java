package io.sparring.cli;

import io.sparring.cli.ChaosPlan.Blow;
import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.RunSpecification;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Deals the blows of a {@link ChaosPlan} and starts again what it has struck, and what has died of it. Used by one thread. */
final class ChaosHand {

    private static final long LOOK_MILLIS = 50;
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** Longer than the sessions of trainers and attackers, so that the group takes the process for dead. */
    private static final Duration PAUSE = Duration.ofSeconds(8);
    /** For a process to start and come by its fault point. */
    private static final Duration FAULT_LIMIT = Duration.ofMinutes(3);
    /** A run that has not moved for so long does not go on any more. */
    private static final Duration STALL = Duration.ofMinutes(5);

    private final RunSpecification run;
    private final ChaosServices names;
    private final ServiceProcesses services;
    private final MortalBroker broker;
    private final RunProgress progress;
    private final Consumer<String> say;
    private final CountDownLatch stop;
    private final ChaosTally tally = new ChaosTally();
    private long struckAt;

    /**
     * @param broker null where no blow is dealt
     * @param stop ends all waiting
     */
    ChaosHand(RunSpecification run, ChaosServices names, ServiceProcesses services, MortalBroker broker, RunProgress progress,
            Consumer<String> say, CountDownLatch stop) {
        this.run = run;
        this.names = names;
        this.services = services;
        this.broker = broker;
        this.progress = progress;
        this.say = say;
        this.stop = stop;
    }

    ChaosTally tally() {
        return tally;
    }

    /** Waits until a step that was trained after the last blow is committed; false if the run has ended. */
    boolean awaitStep() throws IOException, InterruptedException {
        awaitProgress(() -> progress.lastStep().filter(step -> step.getTrainedAt().toEpochMilli() > struckAt).isPresent());
        return !ended();
    }

    /** Waits until every batch has its outcome. */
    void awaitEnd() throws IOException, InterruptedException {
        awaitProgress(() -> false);
        tally.died(services.restarts());
    }

    void strike(Blow blow) throws IOException, InterruptedException {
        pauseFor(blow.delayMillis());
        long before = progress.steps();
        String how = switch (blow.kind()) {
            case KILL -> kill(blow.role());
            case FAULT -> killAtFault(blow);
            case PAUSE -> pause(blow.role());
        };
        struckAt = System.currentTimeMillis();
        say.accept(String.format(Locale.ROOT, "%3d kills, batch %4d: %s", tally.killed(), before, how));
    }

    private String kill(ChaosRole role) throws IOException, InterruptedException {
        tally.killed(role);
        if (role == ChaosRole.BROKER) {
            broker.kill();
            broker.startAgain();
            return "broker killed and started again";
        }
        String name = victim(role);
        services.process(name).kill();
        services.startAgain(name, Map.of());
        return name + " killed";
    }

    /** Lets it end in order, so that the next life begins without a kill of its own. */
    private String killAtFault(Blow blow) throws IOException, InterruptedException {
        // others of its kind would do the work that it is to die of
        List<String> victims = names.names(blow.role());
        for (String name : victims) {
            services.process(name).stop(GRACE);
        }
        String name = victims.get(0);
        services.startAgain(name, Map.of(FaultPoint.VARIABLE, blow.faultText()));
        long deadline = System.nanoTime() + FAULT_LIMIT.toNanos();
        while (services.process(name).isAlive() && System.nanoTime() < deadline && !ended()) {
            services.tendAllBut(Set.copyOf(victims));
            pauseFor(LOOK_MILLIS);
        }
        boolean alive = services.process(name).isAlive();
        boolean reached = !alive && services.process(name).exitCode().join() == FaultPoint.EXIT_CODE;
        if (reached) {
            tally.diedAt(blow.role(), blow.fault());
        } else if (alive) {
            services.process(name).kill();
            tally.killed(blow.role());
        } else {
            tally.died(1);
        }
        for (String each : victims) {
            services.startAgain(each, Map.of());
        }
        return name + (reached ? " died at " + blow.faultText() : alive ? " killed: it did not come by " + blow.faultText()
                : " ended by itself before " + blow.faultText());
    }

    private String pause(ChaosRole role) throws IOException, InterruptedException {
        String name = victim(role);
        ChildProcess process = services.process(name);
        process.signal("STOP");
        try {
            pauseFor(PAUSE.toMillis());
        } finally {
            process.signal("CONT");
        }
        tally.paused();
        return name + " held up for " + PAUSE.toSeconds() + " s";
    }

    /** Of several, one that is at work; which one makes no difference that a seed could repeat. */
    private String victim(ChaosRole role) {
        List<String> all = names.names(role);
        List<String> working = all.stream().filter(progress.working(role.service())::contains).toList();
        List<String> choice = working.isEmpty() ? all : working;
        return choice.get(ThreadLocalRandom.current().nextInt(choice.size()));
    }

    private void pauseFor(long millis) throws InterruptedException {
        if (stop.await(millis, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("stopped");
        }
    }

    private boolean ended() {
        return progress.steps() >= run.data().batches();
    }

    private void awaitProgress(BooleanSupplier enough) throws IOException, InterruptedException {
        long steps = progress.steps();
        long deadline = System.nanoTime() + STALL.toNanos();
        while (!ended() && !enough.getAsBoolean()) {
            services.tend();
            pauseFor(LOOK_MILLIS);
            if (progress.steps() != steps) {
                steps = progress.steps();
                deadline = System.nanoTime() + STALL.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new IllegalStateException("run " + run.run() + " has not moved for " + STALL.toMinutes()
                        + " minutes: " + steps + " of " + run.data().batches() + " batches have their outcome");
            }
        }
    }
}
