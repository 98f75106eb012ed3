package io.sparring.learning;

/** The norm that makes the ball an attack stays in, and the direction of its steps. */
public enum AttackNorm {
    /** The largest change of a value: steps go along the gradient's sign. */
    LINF,
    /** The Euclidean length of an image's change: steps go along the gradient. */
    L2
}
