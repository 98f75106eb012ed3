package io.sparring.learning;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the signatures of a model program that trains have in common, whoever made it. */
final class ProgramContract {

    private static final Set<String> ATTACK_INPUTS = Set.of(ProgramSignature.IMAGES, ProgramSignature.LABELS,
            ProgramSignature.SEED, ProgramSignature.EPSILON, ProgramSignature.STEP_SIZE);
    private static final Set<String> CONTINUE_INPUTS = Set.of(ProgramSignature.IMAGES, ProgramSignature.PERTURBED,
            ProgramSignature.LABELS, ProgramSignature.EPSILON, ProgramSignature.STEP_SIZE);
    private static final Set<String> ATTACK_OUTPUTS = Set.of(ProgramSignature.PERTURBED, ProgramSignature.LOSS_BEFORE,
            ProgramSignature.LOSS_AFTER, ProgramSignature.PREDICTED_AFTER);
    private static final Set<String> TRAIN_INPUTS = Set.of(ProgramSignature.IMAGES, ProgramSignature.PERTURBED,
            ProgramSignature.SECOND_IMAGES, ProgramSignature.SECOND_PERTURBED, ProgramSignature.LABELS,
            ProgramSignature.LEARNING_RATE, ProgramSignature.LAMBDA, ProgramSignature.BETA, ProgramSignature.AVERAGING);
    private static final Set<String> TRAIN_OUTPUTS = Set.of(
            ObjectiveTerms.TOTAL, ObjectiveTerms.CROSS_ENTROPY, ObjectiveTerms.CORRECT_PERTURBED);

    private ProgramContract() {
    }

    /** @throws IllegalArgumentException naming the signature and what is wrong */
    static void require(LoadedModel model, Set<String> attacks) {
        for (String attack : new TreeSet<>(attacks)) {
            require(model, ProgramSignature.ATTACK + attack, ATTACK_INPUTS, ATTACK_OUTPUTS);
            if (model.signatures().containsKey(ProgramSignature.CONTINUE + attack)) {
                require(model, ProgramSignature.CONTINUE + attack, CONTINUE_INPUTS, ATTACK_OUTPUTS);
            }
        }
        require(model, ProgramSignature.TRAIN, TRAIN_INPUTS, TRAIN_OUTPUTS);
        requireVariables(model, ProgramSignature.ASSIGN, ProgramSignature.READ);
        requireVariables(model, ProgramSignature.ASSIGN_OPTIMIZER, ProgramSignature.READ_OPTIMIZER);
        if (model.signatures().containsKey(ProgramSignature.READ_AVERAGED)) {
            requireVariables(model, ProgramSignature.ASSIGN_AVERAGED, ProgramSignature.READ_AVERAGED);
            requireSame(ProgramSignature.ASSIGN, model.signature(ProgramSignature.ASSIGN).inputs(),
                    ProgramSignature.ASSIGN_AVERAGED, model.signature(ProgramSignature.ASSIGN_AVERAGED).inputs());
        }
    }

    /** @throws IllegalArgumentException unless it has so many dimensions, all but the first of them known */
    static int[] shape(String what, int[] shape, int dimensions) {
        if (shape == null || shape.length != dimensions || Arrays.stream(shape).skip(1).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException(what + ": " + (shape == null ? "not there" : Arrays.toString(shape))
                    + "; allowed: " + dimensions + " dimensions, of which the first alone is of any size");
        }
        return shape;
    }

    /** What is given is just these; what comes out is these at least. */
    private static void require(LoadedModel model, String name, Set<String> given, Set<String> wanted) {
        LoadedSignature signature = model.signature(name);
        if (!given.containsAll(signature.inputs().keySet())) {
            throw new IllegalArgumentException("the signature '" + name + "' takes " + signature.inputs().keySet()
                    + "; allowed: " + new TreeSet<>(given));
        }
        if (!signature.outputs().keySet().containsAll(wanted)) {
            throw new IllegalArgumentException("the signature '" + name + "' gives " + signature.outputs().keySet()
                    + "; needed: " + new TreeSet<>(wanted));
        }
    }

    private static void requireVariables(LoadedModel model, String assign, String read) {
        Map<String, int[]> variables = model.signature(assign).inputs();
        if (variables.isEmpty()) {
            throw new IllegalArgumentException("the signature '" + assign + "' takes nothing; needed: a variable at least");
        }
        require(model, assign, variables.keySet(), Set.of(ProgramSignature.DONE));
        require(model, read, Set.of(ProgramSignature.NOTHING), variables.keySet());
        requireSame(assign, variables, read, model.signature(read).outputs());
    }

    private static void requireSame(String first, Map<String, int[]> some, String second, Map<String, int[]> others) {
        if (!text(some).equals(text(others))) {
            throw new IllegalArgumentException("the signature '" + first + "' has " + text(some) + ", but '" + second + "' has "
                    + text(others) + "; allowed: the same variables");
        }
    }

    private static List<String> text(Map<String, int[]> variables) {
        return variables.entrySet().stream().map(entry -> entry.getKey() + Arrays.toString(entry.getValue())).toList();
    }
}
