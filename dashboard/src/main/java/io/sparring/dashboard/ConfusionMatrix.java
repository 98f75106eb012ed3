package io.sparring.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the images of each class are taken for.
 *
 * @param counts shape [classes, classes]: row i, column j has how many images of class i are taken for class j
 */
public record ConfusionMatrix(List<List<Integer>> counts) {

    /** @throws IllegalArgumentException unless it is square, of at least one class, and no count is negative */
    public ConfusionMatrix {
        counts = counts.stream().map(List::copyOf).toList();
        for (List<Integer> row : counts) {
            if (row.size() != counts.size() || row.stream().anyMatch(count -> count < 0)) {
                throw new IllegalArgumentException("counts: " + row + "; allowed: " + counts.size()
                        + " counts, as there are rows");
            }
        }
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("counts: none; allowed: at least one class");
        }
    }

    /** Of images by their labels and what they are taken for, both in [0, classes). */
    public static ConfusionMatrix of(int classes, List<Integer> labels, List<Integer> predicted) {
        int[][] counts = new int[classes][classes];
        for (int i = 0; i < labels.size(); i++) {
            counts[labels.get(i)][predicted.get(i)]++;
        }
        List<List<Integer>> rows = new ArrayList<>();
        for (int[] row : counts) {
            rows.add(IntStream.of(row).boxed().toList());
        }
        return new ConfusionMatrix(rows);
    }

    int classes() {
        return counts.size();
    }

    int count(int label, int predicted) {
        return counts.get(label).get(predicted);
    }

    /** Images of a class. */
    long images(int label) {
        return counts.get(label).stream().mapToLong(Integer::longValue).sum();
    }

    long images() {
        return IntStream.range(0, classes()).mapToLong(this::images).sum();
    }

    /** Images that are taken for what they are. */
    public long correct() {
        return IntStream.range(0, classes()).mapToLong(label -> count(label, label)).sum();
    }

    /** The share of a class's images that is taken for another, or for itself; 0 where it has no images. */
    double share(int label, int predicted) {
        long images = images(label);
        return images == 0 ? 0 : (double) count(label, predicted) / images;
    }
}
