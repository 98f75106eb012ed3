package io.sparring.cli;

import io.sparring.schemas.PerceptionGroup;

/**
 * The diagnostics of a group of images under the run's evaluation attack, as {@link PerceptionGroup} has them.
 *
 * @param group                    all, defended or failed
 * @param images                   in the group
 * @param cleanPerturbed           mean squared change of the logits from the image to what the attack made of it
 * @param linearity                mean squared deviation, at the midpoint, from an even change
 * @param normalizedCleanPerturbed the first over the variance of the clean logits; null where that is 0
 * @param normalizedLinearity      the second, likewise
 */
record PerceptionFigures(String group, long images, double cleanPerturbed, double linearity, Double normalizedCleanPerturbed,
        Double normalizedLinearity) {

    static PerceptionFigures of(PerceptionGroup group) {
        return new PerceptionFigures(group.getGroup(), group.getImages(), group.getCleanPerturbed(), group.getLinearity(),
                group.getNormalizedCleanPerturbed(), group.getNormalizedLinearity());
    }
}
