package io.sparring.learning;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The objectives by the name that a specification gives. A new objective is one line here. */
final class ObjectiveRegistry {

    private static final Map<String, Objective> OBJECTIVES = new TreeMap<>(Map.of(
            "pgd-at", new PgdTraining(),
            "pgd-at+rpat", new RobustPerceptionTraining()));

    private ObjectiveRegistry() {
    }

    static List<String> names() {
        return List.copyOf(OBJECTIVES.keySet());
    }

    static Objective objective(ObjectiveSpecification specification) {
        return OBJECTIVES.get(specification.name());
    }
}
