package io.sparring.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an update's accuracies must be for it to be exported: conditions that must all hold.
 *
 * @param text as it was written; empty for the gate that all pass
 */
record Gate(String text, List<Condition> conditions) {

    /** How an accuracy compares with a bound. */
    enum Comparison {
        AT_LEAST(">="), AT_MOST("<="), ABOVE(">"), BELOW("<");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        boolean holds(double accuracy, double bound) {
            return switch (this) {
                case AT_LEAST -> accuracy >= bound;
                case AT_MOST -> accuracy <= bound;
                case ABOVE -> accuracy > bound;
                case BELOW -> accuracy < bound;
            };
        }
    }

    /**
     * One condition.
     *
     * @param attack name of an attack as reports have it, but for hyphens, or clean
     * @param bound share of images classified rightly, [0, 1]
     */
    record Condition(String attack, Comparison comparison, double bound) {
    }

    Gate {
        conditions = List.copyOf(conditions);
    }

    /** The gate that every update passes once it is evaluated. */
    static Gate open() {
        return new Gate("", List.of());
    }

    /**
     * Reads conditions such as {@code pgd20 >= 0.5 and clean > 80 %}.
     *
     * @throws IllegalArgumentException naming the place and what is allowed there
     */
    static Gate parse(String text) {
        return new Gate(text.strip(), new GateParser(text).conditions());
    }

    /** The names that the conditions have, as they were written. */
    Set<String> attacks() {
        return conditions.stream().map(Condition::attack).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @throws IllegalArgumentException if a condition is about an attack that is not reported */
    void requireReported(Collection<String> reported) {
        for (String attack : attacks()) {
            if (reported.stream().noneMatch(name -> isSame(attack, name))) {
                throw new IllegalArgumentException("--gate: '" + attack + "' is not reported by the run; allowed: "
                        + String.join(", ", reported));
            }
        }
    }

    /** Whether all accuracies that the conditions are about are there. */
    boolean judges(Map<String, Double> accuracies) {
        return conditions.stream().allMatch(condition -> accuracies.keySet().stream()
                .anyMatch(name -> isSame(condition.attack(), name)));
    }

    /**
     * Whether every condition holds.
     *
     * @param accuracies by attack, as reported; one that is missing fails its condition
     */
    boolean passes(Map<String, Double> accuracies) {
        return conditions.stream().allMatch(condition -> accuracies.entrySet().stream()
                .anyMatch(accuracy -> isSame(condition.attack(), accuracy.getKey())
                        && condition.comparison().holds(accuracy.getValue(), condition.bound())));
    }

    /** pgd20 is pgd-20. */
    static boolean isSame(String one, String other) {
        return one.replace("-", "").equalsIgnoreCase(other.replace("-", ""));
    }
}
