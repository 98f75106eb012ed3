package io.sparring.dashboard;

import io.sparring.schemas.UpdateIdentity;

/**
 * What the held-out images of each class are taken for by one update, without and under attack.
 *
 * @param attack its name in reports, such as pgd-20
 * @param epsilon radius of the ball, units of 1.0 = 255
 * @param norm linf or l2
 * @param slice which images, as reports name them
 * @param held how many images there are in all
 * @param computedOn what the attack's bits depend on beside its inputs
 */
public record MeasuredConfusions(UpdateIdentity update, String attack, float epsilon, String norm, String slice, int held,
        String computedOn, ConfusionMatrix clean, ConfusionMatrix attacked) {
}
