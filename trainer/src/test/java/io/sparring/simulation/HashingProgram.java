package io.sparring.simulation;

import io.sparring.learning.AttackResult;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Tensors;
import io.sparring.learning.TrainingLosses;
import io.sparring.learning.TrainingParameters;
import io.sparring.learning.TrainingView;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.RunSpecification;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model program that learns nothing: its weights are a hash of all that they were trained on, in that order, and of the
 * optimizer's, which are one too. So two that have the same weights have seen the same.
 */
public final class HashingProgram implements ModelProgram {

    /** Of the images that it takes: one pixel each. */
    public static final Geometry GEOMETRY = new Geometry(1, 1, 1, 2);
    private static final int[] SHAPE = {4};

    /** One batch of so many is bad, where some are; of those every other makes a weight NaN rather than the loss. */
    private static final int BAD = 12;

    private final boolean someBad;
    private long weights;
    private long optimizer;
    private boolean notFinite;

    private HashingProgram(boolean someBad) {
        this.someBad = someBad;
    }

    /** Where the run refuses what makes a loss or a weight NaN, some batches do. */
    public static HashingProgram of(RunSpecification run) {
        return new HashingProgram(run.optimizer().notFinite().equals("refuse"));
    }

    /** The weights that a run of that seed begins with. */
    public static Tensors initial(long seed) {
        return tensors("w", mix(seed, 1));
    }

    @Override
    public Geometry geometry() {
        return GEOMETRY;
    }

    @Override
    public Set<String> attacks() {
        return Set.of(AttackSettings.NAME);
    }

    @Override
    public boolean gives(GradientLoss loss) {
        return false;
    }

    @Override
    public int views() {
        return 1;
    }

    @Override
    public boolean averages() {
        return false;
    }

    @Override
    public void requireTrainable(Set<String> attacks) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void requireFitting(String what, Tensors given) {
        given.requireLike(what, weights());
    }

    @Override
    public void assign(Tensors newWeights) {
        assign(newWeights, tensors("w/momentum", 0));
    }

    @Override
    public void assign(Tensors newWeights, Tensors newOptimizer) {
        weights = hash(newWeights, "w");
        optimizer = hash(newOptimizer, "w/momentum");
        notFinite = false;
    }

    @Override
    public void assign(Tensors newWeights, Tensors newOptimizer, Tensors averaged) {
        throw new IllegalArgumentException("keeps no averages");
    }

    @Override
    public Tensors weights() {
        if (!notFinite) {
            return tensors("w", weights);
        }
        float[] values = tensors("w", weights).values("w");
        values[0] = Float.NaN;
        return Tensors.builder().put("w", SHAPE, values).build();
    }

    @Override
    public Tensors optimizer() {
        return tensors("w/momentum", optimizer);
    }

    @Override
    public Tensors averaged() {
        throw new IllegalArgumentException("keeps no averages");
    }

    @Override
    public float[][] predict(float[] images, int count) {
        return new float[count][geometry().classes()];
    }

    @Override
    public AttackResult attack(String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        long hash = mix(mix(weights, seed), Arrays.hashCode(images) * 31L + Arrays.hashCode(labels));
        float[] perturbed = images.clone();
        for (int i = 0; i < perturbed.length; i++) {
            hash = mix(hash, i);
            float moved = images[i] + epsilon * ((hash & 0xFF) / 127.5f - 1);
            perturbed[i] = Math.max(0, Math.min(1, moved));
        }
        float[] losses = new float[labels.length];
        return new AttackResult(perturbed, losses, losses.clone(), labels.clone());
    }

    @Override
    public boolean continues(String attack) {
        return true;
    }

    @Override
    public AttackResult continueAttack(String attack, float[] images, float[] perturbed, int[] labels, float epsilon,
            float stepSize) {
        return attack(attack, images, labels, Arrays.hashCode(perturbed), epsilon, stepSize);
    }

    @Override
    public String platform() {
        return "simulated";
    }

    @Override
    public ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TrainingLosses train(List<TrainingView> views, int[] labels, TrainingParameters parameters) {
        TrainingView view = views.get(0);
        long seen = mix(Arrays.hashCode(view.clean()), Arrays.hashCode(view.perturbed()));
        optimizer = mix(mix(optimizer, seen), Arrays.hashCode(labels) * 31L + parameters.hashCode());
        weights = mix(weights, optimizer);
        boolean lossIsNan = notFinite;
        if (someBad) {
            long bad = Math.floorMod(mix(Arrays.hashCode(view.clean()), Arrays.hashCode(labels)), 2L * BAD);
            lossIsNan |= bad == 0;
            notFinite |= bad <= 1;
        }
        return new TrainingLosses(lossIsNan ? Float.NaN : (weights & 0xFFFF) / 65536f, 0, 0, 0, OptionalInt.empty(), 0);
    }

    @Override
    public void close() {
        // nothing is native here
    }

    /** SplitMix64's finaliser of both. */
    private static long mix(long one, long other) {
        long mixed = one * 0x9E3779B97F4A7C15L + other;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private static Tensors tensors(String name, long hash) {
        float[] values = new float[4];
        for (int i = 0; i < values.length; i++) {
            values[i] = hash >>> 16 * i & 0xFFFF;
        }
        return Tensors.builder().put(name, SHAPE, values).build();
    }

    private static long hash(Tensors tensors, String name) {
        long hash = 0;
        float[] values = tensors.values(name);
        for (int i = 0; i < values.length; i++) {
            hash |= (long) values[i] << 16 * i;
        }
        return hash;
    }
}
