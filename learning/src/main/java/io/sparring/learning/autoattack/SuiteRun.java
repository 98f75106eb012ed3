package io.sparring.learning.autoattack;

import io.sparring.learning.DifferentiableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes images through a suite, step by step, each step's batches shared out among copies of a model. */
final class SuiteRun {

    private final AttackSuite suite;
    private final List<? extends DifferentiableModel> programs;
    private final ImageBatch images;
    private final Consumer<List<AttackedImage>> after;
    private final List<ImageState> states = new ArrayList<>();

    SuiteRun(AttackSuite suite, List<? extends DifferentiableModel> programs, ImageBatch images, Map<Long, ImageState> known,
            Consumer<List<AttackedImage>> after) {
        this.suite = suite;
        this.programs = programs;
        this.images = images;
        this.after = after;
        for (long index : images.indices()) {
            states.add(known.getOrDefault(index, ImageState.fresh(index)));
        }
    }

    List<ImageState> states() {
        return states;
    }

    /** Takes one step with those images that have come so far. */
    void step(int step, int largestBatch) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < states.size(); row++) {
            if (states.get(row).steps() == step && !suite.isDone(states.get(row))) {
                rows.add(row);
            }
        }
        Queue<int[]> batches = new ConcurrentLinkedQueue<>(batches(rows, largestBatch, programs.size()));
        if (programs.size() == 1) {
            take(programs.get(0), suite.steps().get(step), batches);
        } else if (!batches.isEmpty()) {
            share(suite.steps().get(step), batches);
        }
    }

    /** As few batches as will do, a multiple of the sharers, all of nearly the same size. */
    static List<int[]> batches(List<Integer> rows, int largest, int sharers) {
        int rounds = (rows.size() + largest * sharers - 1) / (largest * sharers);
        int count = Math.min(rounds * sharers, rows.size());
        List<int[]> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) rows.size() * i / count);
            int to = (int) ((long) rows.size() * (i + 1) / count);
            batches.add(rows.subList(from, to).stream().mapToInt(row -> row).toArray());
        }
        return batches;
    }

    private void share(AttackStep step, Queue<int[]> batches) {
        ExecutorService threads = Executors.newFixedThreadPool(programs.size());
        try {
            List<Future<?>> sharers = new ArrayList<>();
            for (DifferentiableModel program : programs) {
                sharers.add(threads.submit(() -> take(program, step, batches)));
            }
            for (Future<?> sharer : sharers) {
                sharer.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            batches.clear();
            end(threads);
        }
    }

    /** Waits for what is computed still: the programs' owner may close them next. */
    private static void end(ExecutorService threads) {
        threads.shutdown();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(DifferentiableModel program, AttackStep step, Queue<int[]> batches) {
        for (int[] rows = batches.poll(); rows != null; rows = batches.poll()) {
            AttackOutcome outcome = step.run(program, images.select(rows));
            learn(step, rows, outcome);
        }
    }

    private synchronized void learn(AttackStep step, int[] rows, AttackOutcome outcome) {
        List<AttackedImage> attacked = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            ImageState state = states.get(rows[i]).after(step, outcome.fooled()[i]);
            states.set(rows[i], state);
            attacked.add(new AttackedImage(state, outcome.adversarial(i)));
        }
        after.accept(attacked);
    }
}
