package io.sparring.cli;

import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageState;
import java.util.List;

/**
 * What a suite has left of the images.
 *
 * @param states  one for each image, each done
 * @param seconds that it took, of earlier processes too
 */
record AttackedImages(AttackSuite suite, List<ImageState> states, double seconds) {

    /** How many images stand after a part. */
    int standing(String part) {
        return suite.standing(states).get(part);
    }

    /** How many images nothing has fooled. */
    int standing() {
        return (int) states.stream().filter(state -> state.fooledBy().isEmpty()).count();
    }
}
