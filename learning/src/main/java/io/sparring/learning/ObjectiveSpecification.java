package io.sparring.learning;

import java.util.List;

/**
 * What training minimises. The weights of its terms, λ and β, are given with each step: {@link TrainingParameters}.
 *
 * @param name          one of {@link #names()}
 * @param interpolation the share of the clean image in what the robust perception term looks at, above 0, below 1
 * @param temperature   softens the predictions that consistency compares, above 0, at most 100
 */
public record ObjectiveSpecification(String name, float interpolation, float temperature) {

    /** Half way between clean and perturbed image. */
    public static final float INTERPOLATION = 0.5f;
    /** Consistency-AT's. */
    public static final float TEMPERATURE = 0.5f;

    /** @throws IllegalArgumentException naming the key that is not allowed */
    public ObjectiveSpecification {
        Setting.requireKnown(names(), "objective.name", name);
        Setting.require(interpolation > 0 && interpolation < 1,
                "objective.interpolation", interpolation, "above 0, below 1");
        Setting.require(temperature > 0 && temperature <= 100,
                "objective.temperature", temperature, "above 0, at most 100");
    }

    /** The objective with the constants of its paper. */
    public ObjectiveSpecification(String name) {
        this(name, INTERPOLATION, TEMPERATURE);
    }

    /** The objectives there are. */
    public static List<String> names() {
        return ObjectiveRegistry.names();
    }

    /**
     * What is minimised, for readers: f gives logits and g those of the averaged weights; x is clean, x' perturbed, x~ between
     * the two, and y the label.
     */
    public String formula() {
        return ObjectiveRegistry.objective(this).formula();
    }

    /** How many augmented views of each image it trains on, 1 or 2. */
    public int views() {
        return ObjectiveRegistry.objective(this).views();
    }

    /** Whether its program keeps an average of the weights, which is what is to be evaluated and exported then. */
    public boolean averages() {
        return ObjectiveRegistry.objective(this).averages();
    }
}
