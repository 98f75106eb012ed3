package io.sparring.learning;

/** Where an attack starts. */
public enum AttackStart {
    /** At the image. */
    IMAGE,
    /**
     * As PGD does in the published code, by advertorch: under L-infinity uniformly within the ball, cut to [0,1]; under L2 at an
     * image that is uniform in [0,1], drawn towards the clean one until it is in the ball.
     */
    UNIFORM,
    /** At x + 0.001 N(0,1), as TRADES and MART do under both norms; the first gradient is taken there as it is. */
    NORMAL,
    /** At perturbed images that are given with each call, so nothing is drawn: the attack goes on from them. */
    GIVEN
}
