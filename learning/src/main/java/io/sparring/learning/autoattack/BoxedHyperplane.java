package io.sparring.learning.autoattack;

/**
 * FAB's projection (Croce and Hein, arXiv 1907.02044, section 2.2): the smallest change d that brings a point t of [0,1]^n to the
 * hyperplane on which w·x = b and leaves it in [0,1]^n; where none does, the change to the corner that comes nearest to it.
 *
 * <p>Each value moves against the sign of w·t - b, up to a capacity that the box leaves it: under L-infinity all by the same
 * λ, under L2 by λ |w_i|. Then λ is where a concave, piecewise linear function reaches |w·t - b|. The published code sorts the
 * capacities and searches; here Newton's method climbs from λ = 0, which cannot overshoot, and ends when no further value
 * has come to its edge.
 */
final class BoxedHyperplane {

    /** The published code leaves out values with a smaller slope under L2. */
    private static final float FLAT = 1e-8f;

    private final Norm norm;
    private final float[] weight;
    private final float[] capacity;

    BoxedHyperplane(Norm norm, int size) {
        this.norm = norm;
        this.weight = new float[size];
        this.capacity = new float[size];
    }

    /**
     * Projects one point.
     *
     * @param points   hold the point at {@code from}
     * @param slopes   hold w at {@code slopesFrom}
     * @param distance w·t - b
     * @param change   is set to d
     */
    void project(float[] points, int from, float[] slopes, int slopesFrom, double distance, float[] change) {
        boolean above = distance >= 0;
        for (int i = 0; i < change.length; i++) {
            float slope = above ? slopes[slopesFrom + i] : -slopes[slopesFrom + i];
            float steepness = Math.abs(slope);
            float room = slope < 0 ? 1 - points[from + i] : points[from + i];
            boolean moves = norm == Norm.LINF ? slope != 0 : steepness >= FLAT;
            weight[i] = !moves ? 0 : norm == Norm.LINF ? steepness : steepness * steepness;
            capacity[i] = !moves ? 0 : norm == Norm.LINF ? room : room / steepness;
        }
        float length = (float) length(Math.abs(distance));
        for (int i = 0; i < change.length; i++) {
            float slope = above ? slopes[slopesFrom + i] : -slopes[slopesFrom + i];
            float share = norm == Norm.LINF ? Math.signum(slope) : slope;
            change[i] = -share * Math.min(length, capacity[i]);
        }
    }

    /** λ. */
    private double length(double distance) {
        double length = 0;
        while (true) {
            double atEdge = 0;
            double free = 0;
            for (int i = 0; i < weight.length; i++) {
                boolean moves = capacity[i] > length;
                free += moves ? weight[i] : 0;
                atEdge += moves ? 0 : weight[i] * capacity[i];
            }
            if (free == 0) {
                return Double.POSITIVE_INFINITY;
            }
            double next = (distance - atEdge) / free;
            if (!(next > length)) {
                return length;
            }
            length = next;
        }
    }
}
