package io.sparring.learning;

import java.util.regex.Pattern;

/**
 * One attack of a model program: projected gradient descent on the cross entropy under the L-infinity norm (Madry et al.,
 * arXiv 1706.06083). ε, step size and seed are given with each call.
 *
 * @param name        what the attack is called in the program: its signature is {@code attack-<name>}. Lower-case letters,
 *                    digits and hyphens, at most 40
 * @param steps       gradient steps, 0 to 1000; they are unrolled, so the program grows with them
 * @param randomStart whether the attack starts uniformly at random within the ball, or at the image
 */
public record AttackSpecification(String name, int steps, boolean randomStart) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public AttackSpecification {
        Setting.require(name != null && NAME.matcher(name).matches(), "attacks.name", name,
                "1 to 40 lower-case letters, digits and hyphens, not starting with a hyphen");
        Setting.require(steps >= 0 && steps <= 1000, "attacks.steps", steps, "0 to 1000");
    }
}
