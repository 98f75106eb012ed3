package io.sparring.learning;

import java.util.regex.Pattern;

/**
 * One attack of a model program: projected gradient ascent (Madry et al., arXiv 1706.06083). ε, step size and seed are given
 * with each call.
 *
 * @param name  what the attack is called in the program: its signature is {@code attack-<name>}, or {@code continue-<name>} where
 *              the start is given. Lower-case letters, digits and hyphens, at most 40
 * @param steps gradient steps, 0 to 1000; they are unrolled, so the program grows with them
 * @param start where it starts
 * @param loss  what it raises
 * @param norm  what makes its ball and its steps
 */
public record AttackSpecification(String name, int steps, AttackStart start, AttackLoss loss, AttackNorm norm) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public AttackSpecification {
        Setting.require(name != null && NAME.matcher(name).matches(), "attacks.name", name,
                "1 to 40 lower-case letters, digits and hyphens, not starting with a hyphen");
        Setting.require(steps >= 0 && steps <= 1000, "attacks.steps", steps, "0 to 1000");
        // There the divergence and its gradient are zero, and the attack would never leave.
        Setting.require(loss != AttackLoss.KL || start != AttackStart.IMAGE, "attacks.start", start,
                "a random one for the divergence");
    }

    /** PGD on the cross entropy under L-infinity, from a uniformly random start or from the image. */
    public AttackSpecification(String name, int steps, boolean randomStart) {
        this(name, steps, randomStart ? AttackStart.UNIFORM : AttackStart.IMAGE,
                AttackLoss.CROSS_ENTROPY, AttackNorm.LINF);
    }

    /** FGSM (Goodfellow et al., arXiv 1412.6572), or its L2 form: one step from the image. Its step size is to be ε. */
    public static AttackSpecification fastGradient(String name, AttackNorm norm) {
        return new AttackSpecification(name, 1, AttackStart.IMAGE, AttackLoss.CROSS_ENTROPY, norm);
    }

    /**
     * What the published code crafts with to train for an objective: PGD; for TRADES the divergence and for MART the cross
     * entropy, both from x + 0.001 N(0,1).
     */
    public static AttackSpecification training(
            String name, int steps, ObjectiveSpecification objective, AttackNorm norm) {
        return switch (objective.name()) {
            case "trades", "trades+rpat" ->
                    new AttackSpecification(name, steps, AttackStart.NORMAL, AttackLoss.KL, norm);
            case "mart", "mart+rpat" ->
                    new AttackSpecification(name, steps, AttackStart.NORMAL, AttackLoss.CROSS_ENTROPY, norm);
            default -> new AttackSpecification(name, steps, AttackStart.UNIFORM, AttackLoss.CROSS_ENTROPY, norm);
        };
    }

    /**
     * Further steps of this attack, from perturbed images that it or another has made: its loss and its norm.
     *
     * @param further steps
     */
    public AttackSpecification continued(int further) {
        return new AttackSpecification(name, further, AttackStart.GIVEN, loss, norm);
    }

    /** Whether the attack depends on its seed. */
    public boolean randomStart() {
        return start != AttackStart.IMAGE && start != AttackStart.GIVEN;
    }

    /** What its signature is called. */
    String signature() {
        return (start == AttackStart.GIVEN ? ProgramSignature.CONTINUE : ProgramSignature.ATTACK) + name;
    }
}
