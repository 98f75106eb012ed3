package io.sparring.benchmarks;

import io.sparring.learning.AttackResult;
import io.sparring.learning.Geometry;
import io.sparring.learning.GradientLoss;
import io.sparring.learning.ImageGradient;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.Tensors;
import io.sparring.learning.TrainingLosses;
import io.sparring.learning.TrainingParameters;
import io.sparring.learning.TrainingView;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * An accelerator that is not there: an attack takes its time, computes nothing and gives perturbations that look like PGD's, and
 * training takes no time at all. What is left is what the services do. For {@link ScaleCommand} alone.
 */
final class SimulatedProgram implements ModelProgram {

    /** Images that {@code crafting} is for. */
    static final int BATCH = 128;

    /** The share of values at the ball's border that PGD leaves; the others are spread. */
    private static final double AT_BORDER = 0.55;

    private final Geometry geometry;
    private final Set<String> attacks;
    private final Duration crafting;
    private final float[] pattern;
    private Tensors weights;
    private Tensors optimizer;

    /**
     * @param attacks  the names of what it can craft with
     * @param crafting what an attack on 128 images takes
     */
    SimulatedProgram(Geometry geometry, Set<String> attacks, Duration crafting) {
        this.geometry = geometry;
        this.attacks = Set.copyOf(attacks);
        this.crafting = crafting;
        Random random = new Random(0);
        pattern = new float[BATCH * geometry.imageSize()];
        for (int i = 0; i < pattern.length; i++) {
            pattern[i] = (random.nextDouble() < AT_BORDER ? random.nextBoolean() ? 1 : -1 : 2 * random.nextFloat() - 1);
        }
    }

    @Override
    public AttackResult attack(String attack, float[] images, int[] labels, long seed, float epsilon, float stepSize) {
        long end = System.nanoTime() + crafting.toNanos() * labels.length / BATCH;
        float[] perturbed = new float[images.length];
        int from = Math.floorMod(seed, pattern.length);
        for (int i = 0; i < images.length; i++) {
            from = from + 1 == pattern.length ? 0 : from + 1;
            perturbed[i] = Math.max(0, Math.min(1, images[i] + epsilon * pattern[from]));
        }
        float[] losses = new float[labels.length];
        Arrays.fill(losses, 2.3f);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return new AttackResult(perturbed, losses, losses, labels.clone());
    }

    @Override
    public TrainingLosses train(List<TrainingView> views, int[] labels, TrainingParameters parameters) {
        return new TrainingLosses(2.3f, 2.3f, 0, 0, OptionalInt.empty(), 0);
    }

    @Override
    public Geometry geometry() {
        return geometry;
    }

    @Override
    public String platform() {
        return "simulated, TensorFlow none, cpu, float32, 1 thread, ";
    }

    @Override
    public Set<String> attacks() {
        return attacks;
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
    public void requireTrainable(Set<String> required) {
        if (!attacks.containsAll(required)) {
            throw new IllegalArgumentException("attacks: " + required + "; allowed: " + attacks);
        }
    }

    @Override
    public void requireFitting(String what, Tensors given) {
    }

    @Override
    public void assign(Tensors given) {
        Tensors.Builder momenta = Tensors.builder();
        given.names().forEach(name -> momenta.put(name + "/momentum", given.shape(name), new float[given.values(name).length]));
        assign(given, momenta.build());
    }

    @Override
    public void assign(Tensors given, Tensors momenta) {
        weights = given;
        optimizer = momenta;
    }

    @Override
    public void assign(Tensors given, Tensors momenta, Tensors averaged) {
        throw new IllegalArgumentException("averaged: given; allowed: none, this program keeps no averages");
    }

    @Override
    public Tensors weights() {
        return weights;
    }

    @Override
    public Tensors optimizer() {
        return optimizer;
    }

    @Override
    public Tensors averaged() {
        throw new IllegalArgumentException("this program keeps no averages");
    }

    @Override
    public float[][] predict(float[] images, int count) {
        return new float[count][geometry.classes()];
    }

    @Override
    public boolean continues(String attack) {
        return false;
    }

    @Override
    public AttackResult continueAttack(
            String attack, float[] images, float[] perturbed, int[] labels, float epsilon, float stepSize) {
        throw new IllegalArgumentException("attack: " + attack + "; this program does not continue any");
    }

    @Override
    public ImageGradient gradient(GradientLoss loss, float[] images, int[] labels, int[] targets) {
        throw new IllegalArgumentException("loss: " + loss + "; this program has no gradients");
    }

    @Override
    public void close() {
    }
}
