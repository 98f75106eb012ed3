package io.sparring.learning.autoattack;

import java.util.Comparator;
import java.util.stream.IntStream;

/** What one image's logits say. */
final class Logits {

    private Logits() {
    }

    /** The class that is predicted: of equal ones the first. */
    static int largest(float[] logits) {
        int largest = 0;
        for (int i = 1; i < logits.length; i++) {
            largest = logits[i] > logits[largest] ? i : largest;
        }
        return largest;
    }

    /** @param rank from 1, the largest */
    static int ranked(float[] logits, int rank) {
        return IntStream.range(0, logits.length).boxed()
                .sorted(Comparator.comparing(i -> -logits[i])).skip(rank - 1).findFirst().orElseThrow();
    }

    /** The class of that rank for each image. */
    static int[] ranked(float[][] logits, int rank) {
        int[] classes = new int[logits.length];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = ranked(logits[i], rank);
        }
        return classes;
    }

    /** How far the label is above the next class; below 0 when another is predicted. */
    static float margin(float[] logits, int label) {
        float rival = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.length; i++) {
            rival = i == label ? rival : Math.max(rival, logits[i]);
        }
        return logits[label] - rival;
    }
}
