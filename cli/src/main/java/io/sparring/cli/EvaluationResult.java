package io.sparring.cli;

import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.learning.autoattack.MaskingFinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation has found.
 *
 * @param images  how many were evaluated
 * @param clean   how many are classified rightly as they are
 * @param pgd     what PGD has left, if it was run
 * @param parts   what each part of AutoAttack has left, by its name: alone, or one after another
 * @param whole   whether AutoAttack was run as a whole
 * @param alone   whether each part was run on all images
 * @param masking what the checks for gradient masking have found, if they were made
 * @param seconds of everything, by what it was for
 */
record EvaluationResult(int images, int clean, Optional<AttackedImages> pgd, Map<String, AttackedImages> parts, boolean whole,
        boolean alone, List<MaskingFinding> masking, Map<String, Double> seconds) {

    /** How many images stand after each part: of all if it was run alone, else of those that stood before it. */
    Map<String, Integer> standing() {
        Map<String, Integer> standing = new LinkedHashMap<>();
        parts.forEach((part, attacked) -> standing.put(part, attacked.standing(part)));
        return standing;
    }

    /** How many images AutoAttack leaves standing; nothing if it was not run as a whole. */
    Optional<Integer> autoAttack() {
        return whole ? Optional.of((int) states().stream().filter(state -> state.fooledBy().isEmpty()).count()) : Optional.empty();
    }

    /**
     * Each image as AutoAttack leaves it. What becomes of an image in a part does not depend on the parts before, so parts that
     * were run alone say it too: the first that fools it does.
     */
    List<ImageState> states() {
        List<ImageState> states = new ArrayList<>();
        for (AttackedImages attacked : parts.values()) {
            for (int i = 0; i < attacked.states().size(); i++) {
                ImageState state = attacked.states().get(i);
                if (states.size() == i) {
                    states.add(state);
                } else if (states.get(i).fooledBy().isEmpty()) {
                    states.set(i, state);
                }
            }
        }
        return states;
    }

    /** The harmonic mean of clean and AutoAttack's accuracy; nothing if that was not run. */
    Optional<Double> harmonicMean() {
        return autoAttack().map(standing -> clean + standing == 0 ? 0 : 2.0 * clean * standing / (clean + standing) / images);
    }

    /** The mean of both. */
    Optional<Double> mean() {
        return autoAttack().map(standing -> (clean + standing) / 2.0 / images);
    }

    /** The same with what the checks for gradient masking have found. */
    EvaluationResult with(List<MaskingFinding> found) {
        return new EvaluationResult(images, clean, pgd, parts, whole, alone, found, seconds);
    }

    static boolean isPart(String part) {
        return !part.equals(AttackSuite.CLEAN);
    }
}
