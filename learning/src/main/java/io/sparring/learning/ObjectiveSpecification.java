package io.sparring.learning;

import java.util.List;

/**
 * What training minimises.
 *
 * @param name one of {@link #names()}
 */
public record ObjectiveSpecification(String name) {

    /** @throws IllegalArgumentException when there is no such objective */
    public ObjectiveSpecification {
        Setting.requireKnown(names(), "objective.name", name);
    }

    /** The objectives there are. */
    public static List<String> names() {
        return ObjectiveRegistry.names();
    }
}
