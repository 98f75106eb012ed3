package io.sparring.learning;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that a model program is made from. The same specification gives the same program, byte for byte.
 *
 * @param attacks at least none; their names differ, but one whose start is given may be called as one that it continues
 */
public record ProgramSpecification(
        Geometry geometry,
        NetworkSpecification network,
        ObjectiveSpecification objective,
        OptimizerSpecification optimizer,
        List<AttackSpecification> attacks) {

    /** @throws IllegalArgumentException when the parts do not fit each other */
    public ProgramSpecification {
        attacks = List.copyOf(attacks);
        Set<String> names = new HashSet<>();
        for (AttackSpecification attack : attacks) {
            Setting.require(names.add(attack.signature()), "attacks.name", attack.name(), "each name once");
        }
        Setting.require(network.mean().isEmpty() || network.mean().size() == geometry.channels(),
                "network.mean", network.mean(), "no value, or one for each channel: " + geometry.channels());
        // Whether the network fits the images is the network's own knowledge.
        NetworkRegistry.network(geometry, network);
    }
}
