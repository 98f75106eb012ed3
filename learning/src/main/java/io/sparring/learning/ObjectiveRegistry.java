package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The objectives by the name that a specification gives. A new objective is one line here. */
final class ObjectiveRegistry {

    private static final Map<String, Function<ObjectiveSpecification, Objective>> OBJECTIVES = new TreeMap<>(Map.of(
            "pgd-at", specification -> new PgdTraining(),
            "pgd-at+rpat", specification -> new RobustPerceptionTraining(perception(specification)),
            "trades", specification -> new TradesTraining(Optional.empty()),
            "trades+rpat", specification -> new TradesTraining(Optional.of(perception(specification))),
            "mart", specification -> new MartTraining(Optional.empty()),
            "mart+rpat", specification -> new MartTraining(Optional.of(perception(specification))),
            "consistency", specification -> new ConsistencyTraining(consistency(specification), Optional.empty()),
            "consistency+rpat", specification -> new ConsistencyTraining(
                    consistency(specification), Optional.of(perception(specification))),
            "rpat++", specification -> new AveragedPerceptionTraining(perception(specification))));

    private ObjectiveRegistry() {
    }

    static List<String> names() {
        return List.copyOf(OBJECTIVES.keySet());
    }

    static Objective objective(ObjectiveSpecification specification) {
        return OBJECTIVES.get(specification.name()).apply(specification);
    }

    private static RobustPerception perception(ObjectiveSpecification specification) {
        return new RobustPerception(specification.interpolation());
    }

    private static JensenShannon consistency(ObjectiveSpecification specification) {
        return new JensenShannon(specification.temperature());
    }
}
