package io.sparring.benchmarks;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Several sessions craft at the same time, each on a thread of its own and against the newest weights. The first one holds
 * the weights that are trained: it trains on what is crafted, and crafts itself while there is nothing to train on.
 */
final class SharedTurn {

    private final List<ModelProgram> programs;
    private final StepPlan plan;
    private final int together;
    /** Whoever is ahead waits here, so that no batch is older than there are sessions. */
    private final BlockingQueue<Crafted> crafted;
    private final ConcurrentLinkedQueue<Double> attacks = new ConcurrentLinkedQueue<>();
    private final List<Double> trainings = new ArrayList<>();
    private double processor;
    private volatile Tensors newest;
    private volatile boolean done;

    /** What one attack made. */
    private record Crafted(StepImages images, float[] perturbed) {
    }

    /** @param programs each with a session of its own, its weights assigned */
    SharedTurn(List<ModelProgram> programs, StepPlan plan) {
        this.programs = programs;
        this.plan = plan;
        this.together = plan.arrangement().together();
        this.crafted = new ArrayBlockingQueue<>(programs.size());
    }

    /** What all sessions craft, what the one trains, and the images trained on in the time of all timed steps. */
    StepFigures measure() throws InterruptedException, ExecutionException {
        ExecutorService others = Executors.newFixedThreadPool(programs.size() - 1);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int session = 1; session < programs.size(); session++) {
                int number = session;
                ends.add(others.submit(() -> craftOn(number)));
            }
            double seconds = trainAndTime(ends);
            double attack = programs.size() * plan.batch() / Medians.median(attacks);
            double used = (ProcessorTime.seconds() - processor) / (plan.batch() * timed());
            return new StepFigures(attack, plan.batch() / Medians.median(trainings), plan.batch() * (double) timed() / seconds,
                    used);
        } finally {
            done = true;
            others.shutdownNow();
            // a session must not be closed under who computes in it
            others.awaitTermination(1, TimeUnit.HOURS);
        }
    }

    private int timed() {
        return plan.steps() * programs.size();
    }

    private double trainAndTime(List<Future<?>> ends) throws ExecutionException, InterruptedException {
        int warmUp = plan.warmUp() * programs.size();
        StepImages own = StepImages.draw(plan.batch() * together, 0);
        long start = 0;
        int trained = 0;
        while (true) {
            for (Future<?> end : ends) {
                if (end.isDone()) {
                    end.get();
                }
            }
            Crafted next = crafted.poll();
            if (next == null) {
                next = craft(programs.get(0), own, -1 - trained, start != 0);
            }
            for (int part = 0; part < together; part++) {
                train(next, part, start != 0);
                trained++;
                if (trained == warmUp) {
                    start = System.nanoTime();
                    processor = ProcessorTime.seconds();
                } else if (trained == warmUp + timed()) {
                    return (System.nanoTime() - start) / 1e9;
                }
            }
            newest = programs.get(0).weights();
        }
    }

    private void train(Crafted batch, int part, boolean timed) {
        int size = batch.perturbed().length / together;
        int from = part * size;
        long start = System.nanoTime();
        AloneTurn.train(programs.get(0), Arrays.copyOfRange(batch.images().pixels(), from, from + size),
                Arrays.copyOfRange(batch.perturbed(), from, from + size),
                Arrays.copyOfRange(batch.images().labels(), part * plan.batch(), (part + 1) * plan.batch()));
        if (timed) {
            trainings.add((System.nanoTime() - start) / 1e9);
        }
    }

    private void craftOn(int session) {
        ModelProgram program = programs.get(session);
        StepImages images = StepImages.draw(plan.batch() * together, session);
        Tensors assigned = null;
        try {
            for (long seed = (long) session << 32; !done; seed++) {
                Tensors weights = newest;
                if (weights != assigned) {
                    program.assign(weights);
                    assigned = weights;
                }
                crafted.put(craft(program, images, seed, assigned != null));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Crafted craft(ModelProgram program, StepImages images, long seed, boolean timed) {
        long start = System.nanoTime();
        float[] perturbed = AloneTurn.craft(program, images, seed, plan.judged());
        if (timed) {
            attacks.add((System.nanoTime() - start) / 1e9 / together);
        }
        return new Crafted(images, perturbed);
    }
}
