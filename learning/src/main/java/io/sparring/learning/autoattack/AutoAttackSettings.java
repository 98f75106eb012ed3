package io.sparring.learning.autoattack;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.Setting;

/**
 * How hard AutoAttack tries.
 *
 * @param norm       that makes the ball
 * @param epsilon    the ball's radius, in units of [0,1], above 0
 * @param seed       of all random choices
 * @param iterations of AutoPGD and FAB, 1 to 100,000
 * @param restarts   runs of each with each target, 1 to 1,000; those of FAB after the first have a random start
 * @param targets    at most so many target classes, 1 to 1,000, those that the model ranks next to the label
 * @param queries    of Square after the first, 1 to 10,000,000
 */
public record AutoAttackSettings(
        AttackNorm norm, float epsilon, long seed, int iterations, int restarts, int targets, int queries) {

    /** @throws IllegalArgumentException naming what is out of range */
    public AutoAttackSettings {
        Setting.require(epsilon > 0 && epsilon < Float.POSITIVE_INFINITY, "epsilon", epsilon, "a finite number above 0");
        Setting.require(iterations >= 1 && iterations <= 100_000, "iterations", iterations, "1 to 100000");
        Setting.require(restarts >= 1 && restarts <= 1000, "restarts", restarts, "1 to 1000");
        Setting.require(targets >= 1 && targets <= 1000, "targets", targets, "1 to 1000");
        Setting.require(queries >= 1 && queries <= 10_000_000, "queries", queries, "1 to 10000000");
    }

    /** The standard version for L-infinity and L2: 100 iterations, one restart, 9 targets, 5,000 queries. */
    public static AutoAttackSettings standard(AttackNorm norm, float epsilon, long seed) {
        return new AutoAttackSettings(norm, epsilon, seed, 100, 1, 9, 5000);
    }
}
