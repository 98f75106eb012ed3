package io.sparring.learning;

import java.util.Map;
import java.util.TreeMap;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * TensorFlow computes what a signature gives, and no more: for each signature of an attack, one that gives the perturbed images
 * alone. They are not part of a program but added to it when it is loaded, so those of all releases have them.
 */
final class PerturbSignatures {

    private PerturbSignatures() {
    }

    static SavedModel added(SavedModel program) {
        SavedModel.Builder model = program.toBuilder();
        for (MetaGraphDef.Builder graph : model.getMetaGraphsBuilderList()) {
            graph.putAllSignatureDef(of(graph.getSignatureDefMap()));
        }
        return model.build();
    }

    private static Map<String, SignatureDef> of(Map<String, SignatureDef> definitions) {
        Map<String, SignatureDef> added = new TreeMap<>();
        definitions.forEach((name, definition) -> {
            boolean attacks = name.startsWith(ProgramSignature.ATTACK) || name.startsWith(ProgramSignature.CONTINUE);
            // that one of a program made elsewhere does not perturb is said elsewhere
            if (attacks && definition.containsOutputs(ProgramSignature.PERTURBED)) {
                added.put(ProgramSignature.ONLY_PERTURB + name, definition.toBuilder().clearOutputs()
                        .putOutputs(ProgramSignature.PERTURBED, definition.getOutputsOrThrow(ProgramSignature.PERTURBED)).build());
            }
        });
        return added;
    }
}
