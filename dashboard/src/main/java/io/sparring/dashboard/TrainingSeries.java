package io.sparring.dashboard;

import io.sparring.schemas.TrainingStep;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Losses and staleness by step, in at most {@link #MOST} points however long the run is: each is the mean over as many
 * neighbouring steps as that takes, 1, 2, 4, ... A later incarnation goes on from an earlier step, and what was trained behind
 * it is no part of the weights any more, so it is left out.
 */
final class TrainingSeries {

    static final int MOST = 512;

    private final NavigableMap<Long, Point> points = new TreeMap<>();
    private final List<Beginning> incarnations = new ArrayList<>();
    private long width = 1;

    /**
     * The series as the page has it: entry i of each list belongs to step i of {@code step}, the last of its {@code width} steps.
     * A loss is null where no batch was trained on or it is not finite, a staleness where no batch has one.
     */
    record View(long width, List<Long> step, List<Double> loss, List<Double> crossEntropy, List<Double> perception,
            List<Double> divergence, List<Double> staleness, List<Long> stalenessMost, List<Beginning> incarnations) {
    }

    /** An incarnation and its first step. */
    record Beginning(int incarnation, long step) {
    }

    void add(TrainingStep record) {
        int newest = incarnations.isEmpty() ? -1 : incarnations.get(incarnations.size() - 1).incarnation();
        if (record.getIncarnation() < newest || record.getStep() < 0) {
            return;
        }
        if (record.getIncarnation() > newest) {
            points.tailMap(record.getStep() / width, true).clear();
            incarnations.add(new Beginning(record.getIncarnation(), record.getStep()));
            if (incarnations.size() > MOST) {
                incarnations.remove(0);
            }
        }
        points.computeIfAbsent(record.getStep() / width, key -> new Point()).add(record);
        while (points.size() > MOST) {
            halve();
        }
    }

    private void halve() {
        width *= 2;
        NavigableMap<Long, Point> wide = new TreeMap<>();
        points.forEach((key, point) -> wide.merge(key / 2, point, Point::with));
        points.clear();
        points.putAll(wide);
    }

    View view() {
        View view = new View(width, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>(), new ArrayList<>(), List.copyOf(incarnations));
        for (Point point : points.values()) {
            view.step.add(point.step);
            view.loss.add(point.mean(point.loss));
            view.crossEntropy.add(point.mean(point.crossEntropy));
            view.perception.add(point.mean(point.perception));
            view.divergence.add(point.mean(point.divergence));
            view.staleness.add(point.aged == 0 ? null : Shown.rounded((double) point.staleness / point.aged));
            view.stalenessMost.add(point.aged == 0 ? null : point.stalenessMost);
        }
        return view;
    }

    /** Sums over neighbouring steps. */
    private static final class Point {
        private long step;
        private int trained;
        private double loss;
        private double crossEntropy;
        private double perception;
        private double divergence;
        private int aged;
        private long staleness;
        private long stalenessMost;

        void add(TrainingStep record) {
            step = Math.max(step, record.getStep());
            if (record.getImages() > 0) {
                trained++;
                loss += record.getLoss();
                crossEntropy += record.getCrossEntropy();
                perception += record.getPerception();
                divergence += record.getDivergence();
            }
            if (record.getStaleness() != null) {
                aged++;
                staleness += record.getStaleness();
                stalenessMost = Math.max(stalenessMost, record.getStaleness());
            }
        }

        Point with(Point other) {
            step = Math.max(step, other.step);
            trained += other.trained;
            loss += other.loss;
            crossEntropy += other.crossEntropy;
            perception += other.perception;
            divergence += other.divergence;
            aged += other.aged;
            staleness += other.staleness;
            stalenessMost = Math.max(stalenessMost, other.stalenessMost);
            return this;
        }

        private Double mean(double sum) {
            return trained == 0 ? null : Shown.rounded(sum / trained);
        }
    }
}
