package io.sparring.learning;

import java.util.Arrays;
import java.util.List;

/** The norm that makes the ball an attack stays in, and the direction of its steps. */
public enum AttackNorm {
    /** The largest change of a value: steps go along the gradient's sign. */
    LINF("linf"),
    /** The Euclidean length of an image's change: steps go along the gradient. */
    L2("l2");

    private final String key;

    AttackNorm(String key) {
        this.key = key;
    }

    /** What runs and reports call it. */
    public String key() {
        return key;
    }

    /** What runs call the norms. */
    public static List<String> names() {
        return Arrays.stream(values()).map(AttackNorm::key).toList();
    }

    /** @throws IllegalArgumentException when no norm is called so */
    public static AttackNorm named(String name) {
        Setting.requireKnown(names(), "attack.norm", name);
        return values()[names().indexOf(name)];
    }
}
