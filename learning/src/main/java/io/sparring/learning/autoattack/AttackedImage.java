package io.sparring.learning.autoattack;

import java.util.Optional;

/**
 * What a step did to one image.
 *
 * @param state       how far the suite has come with it
 * @param adversarial what fooled the model in this step, NHWC in [0,1]
 */
public record AttackedImage(ImageState state, Optional<float[]> adversarial) {
}
