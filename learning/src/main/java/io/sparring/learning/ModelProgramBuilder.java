package io.sparring.learning;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Builds the model program: one TensorFlow SavedModel with a signature for each thing that is done with a model, so that
 * whoever has the file needs no model code. The weights are variables of the session that loads it, unset until assigned.
 *
 * <p>Signatures: {@code predict}, {@code attack-<name>} for each attack, or {@code continue-<name>} where its start is given,
 * {@code gradient-<loss>} for each loss, {@code train}, {@code assign} and {@code read} for
 * the weights, {@code assign-optimizer} and {@code read-optimizer} for the momenta, and where the objective averages the
 * weights {@code assign-averaged} and {@code read-averaged} for the averages.
 */
public final class ModelProgramBuilder {

    private ModelProgramBuilder() {
    }

    /**
     * The bytes of the {@code saved_model.pb}. The same specification gives the same bytes, so their SHA-256 identifies the
     * program.
     *
     * @throws IllegalArgumentException when it is too large to be loaded
     */
    public static byte[] build(ProgramSpecification specification) {
        TensorFlow.start();
        try (ProgramGraph program = new ProgramGraph(specification)) {
            Map<String, ProgramSignature> signatures = new LinkedHashMap<>();
            signatures.put(ProgramSignature.PREDICT, PredictSignature.build(program));
            for (AttackSpecification attack : specification.attacks()) {
                signatures.put(attack.signature(), attack.start() == AttackStart.GIVEN
                        ? ContinuedAttackSignature.build(program, attack) : AttackSignature.build(program, attack));
            }
            for (GradientLoss loss : GradientLoss.values()) {
                if (specification.geometry().classes() >= loss.fewestClasses()) {
                    signatures.put(ProgramSignature.GRADIENT + loss.key(), GradientSignature.build(program, loss));
                }
            }
            signatures.put(ProgramSignature.TRAIN, TrainSignature.build(program));
            signatures.put(ProgramSignature.ASSIGN,
                    VariableSignatures.assign(program, ProgramSignature.ASSIGN, program.weights()));
            signatures.put(ProgramSignature.READ,
                    VariableSignatures.read(program, ProgramSignature.READ, program.weights()));
            signatures.put(ProgramSignature.ASSIGN_OPTIMIZER,
                    VariableSignatures.assign(program, ProgramSignature.ASSIGN_OPTIMIZER, program.momenta()));
            signatures.put(ProgramSignature.READ_OPTIMIZER,
                    VariableSignatures.read(program, ProgramSignature.READ_OPTIMIZER, program.momenta()));
            if (!program.averaged().isEmpty()) {
                signatures.put(ProgramSignature.ASSIGN_AVERAGED,
                        VariableSignatures.assign(program, ProgramSignature.ASSIGN_AVERAGED, program.averaged()));
                signatures.put(ProgramSignature.READ_AVERAGED,
                        VariableSignatures.read(program, ProgramSignature.READ_AVERAGED, program.averaged()));
            }
            byte[] savedModel = SavedModelFile.bytes(program.graph(), signatures);
            CheckedProgram.requireSize(savedModel);
            return savedModel;
        }
    }
}
