package io.sparring.trainer;

import io.sparring.attacker.BatchViews;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.PerturbationEncoding;
import io.sparring.learning.PixelPerturbation;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.Sha256;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the run's attack further where a perturbation is too stale: from the perturbed images received, with the weights as they
 * are, within the same ball. FGSM, whose step is as long as the ball's radius, is made anew from the images themselves. Nothing is
 * drawn, since the start is given: the result is a function of the weights and the records.
 */
final class Refresher {

    private final RunSpecification run;
    private final ModelProgram program;
    private final PerturbationEncoding encoding;

    /** @param program the one that is trained */
    Refresher(RunSpecification run, ModelProgram program) {
        this.run = run;
        this.program = program;
        this.encoding = PerturbationEncoding.of(AttackNorm.named(run.attack().norm()));
    }

    /**
     * The batch's perturbation, encoded as it was received.
     *
     * @return nothing where the weights are such that the attack's result is not a number
     * @throws IllegalArgumentException if an image is perturbed beyond [0,1]
     */
    Optional<Refreshed> refresh(BatchViews clean, Crafted crafted) {
        // what the attacker says of its ball does not make it larger than the run's
        float radius = Math.min(crafted.getEpsilon(), encoding.radius(run.attack().epsilon()));
        List<byte[]> perturbations = new ArrayList<>();
        for (byte[] pixels : clean.pixels()) {
            byte[] received = BatchViews.bytes(
                    perturbations.isEmpty() ? crafted.getPerturbation() : crafted.getSecondPerturbation());
            float[] images = PixelPerturbation.images(pixels);
            float[] perturbed = encoding.perturbed(pixels, received);
            float[] further = program.perturbFurther(AttackSettings.NAME, images,
                    run.attack().fastGradient() ? images : perturbed, clean.labels(), radius, run.attack().stepWithin(radius));
            for (float value : further) {
                if (Float.isNaN(value)) {
                    return Optional.empty();
                }
            }
            perturbations.add(encoding.encode(pixels, further, clean.labels().length, radius));
        }
        return Optional.of(new Refreshed(perturbations, radius));
    }

    /**
     * A perturbation that the trainer has made.
     *
     * @param perturbations of each view
     * @param radius of the ball
     */
    record Refreshed(List<byte[]> perturbations, float radius) {

        /** The digest of the perturbations, one behind the other. */
        String sha256() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            perturbations.forEach(all::writeBytes);
            return Sha256.of(all.toByteArray());
        }
    }
}
