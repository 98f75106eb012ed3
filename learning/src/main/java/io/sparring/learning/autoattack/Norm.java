package io.sparring.learning.autoattack;

import io.sparring.learning.AttackNorm;
import java.util.SplittableRandom;

/** How long a change is, and how an attack moves by it: on one image, which begins at {@code from} in arrays of many. */
enum Norm {

    LINF {
        @Override
        double length(float[] values, int from, int size) {
            float longest = 0;
            for (int i = from; i < from + size; i++) {
                longest = Math.max(longest, Math.abs(values[i]));
            }
            return longest;
        }

        @Override
        double distance(float[] some, float[] others, int from, int size) {
            float longest = 0;
            for (int i = from; i < from + size; i++) {
                longest = Math.max(longest, Math.abs(some[i] - others[i]));
            }
            return longest;
        }

        @Override
        float draw(SplittableRandom random) {
            return 2 * (float) random.nextDouble() - 1;
        }

        @Override
        void ascend(float[] image, float[] gradient, int from, int size, float step) {
            for (int i = 0; i < size; i++) {
                image[i] += step * Math.signum(gradient[from + i]);
            }
        }

        @Override
        void project(float[] clean, int from, float[] image, float epsilon) {
            for (int i = 0; i < image.length; i++) {
                float centre = clean[from + i];
                float inside = Math.min(Math.max(image[i], centre - epsilon), centre + epsilon);
                image[i] = Math.min(Math.max(inside, 0), 1);
            }
        }
    },

    L2 {
        @Override
        double length(float[] values, int from, int size) {
            double sum = 0;
            for (int i = from; i < from + size; i++) {
                sum += (double) values[i] * values[i];
            }
            return Math.sqrt(sum);
        }

        @Override
        double distance(float[] some, float[] others, int from, int size) {
            double sum = 0;
            for (int i = from; i < from + size; i++) {
                double change = some[i] - others[i];
                sum += change * change;
            }
            return Math.sqrt(sum);
        }

        @Override
        float draw(SplittableRandom random) {
            return (float) random.nextGaussian();
        }

        @Override
        void ascend(float[] image, float[] gradient, int from, int size, float step) {
            float share = (float) (step / (length(gradient, from, size) + TINY));
            for (int i = 0; i < size; i++) {
                image[i] += share * gradient[from + i];
            }
        }

        @Override
        void project(float[] clean, int from, float[] image, float epsilon) {
            double sum = 0;
            for (int i = 0; i < image.length; i++) {
                double change = image[i] - clean[from + i];
                sum += change * change;
            }
            double length = Math.sqrt(sum);
            float share = (float) (Math.min(epsilon, length) / (length + TINY));
            for (int i = 0; i < image.length; i++) {
                float centre = clean[from + i];
                image[i] = Math.min(Math.max(centre + share * (image[i] - centre), 0), 1);
            }
        }
    };

    /** The published code adds it to lengths that it divides by. */
    static final double TINY = 1e-12;

    static Norm of(AttackNorm norm) {
        return norm == AttackNorm.LINF ? LINF : L2;
    }

    abstract double length(float[] values, int from, int size);

    abstract double distance(float[] some, float[] others, int from, int size);

    /** One value of a random direction. */
    abstract float draw(SplittableRandom random);

    /** Moves one image by a step along a gradient, which begins at {@code from}. */
    abstract void ascend(float[] image, float[] gradient, int from, int size, float step);

    /** Draws one image into the ball around a clean one and into [0,1]. */
    abstract void project(float[] clean, int from, float[] image, float epsilon);

    /** Puts an image that far from the clean one in a random direction, and cuts it to [0,1]. */
    void displace(SplittableRandom random, float[] clean, float[] images, int from, int size, float distance) {
        for (int i = from; i < from + size; i++) {
            images[i] = draw(random);
        }
        float share = (float) (distance / (length(images, from, size) + TINY));
        for (int i = from; i < from + size; i++) {
            images[i] = Math.min(Math.max(clean[i] + share * images[i], 0), 1);
        }
    }
}
