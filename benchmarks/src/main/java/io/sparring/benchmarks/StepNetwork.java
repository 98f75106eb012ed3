package io.sparring.benchmarks;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.Geometry;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.learning.OptimizerSpecification;
import io.sparring.learning.ProgramSpecification;
import java.util.Arrays;
import java.util.List;

/** The networks that are measured, all on images of 32 x 32 x 3 in ten classes. */
enum StepNetwork {

    /** Four convolutions of 32, 32, 64 and 64 channels and a hidden layer of 200 units. */
    CNN4("cnn4", "cnn4", 32, 10),
    /** A quarter as wide as usual. */
    RESNET18_W16("resnet18-w16", "resnet18", 16, 10),
    /** As wide as usual. */
    RESNET18_W64("resnet18-w64", "resnet18", 64, 2);

    /** How the attack is called in the program. */
    static final String ATTACK = "train";
    /** PGD's. */
    static final int ATTACK_STEPS = 10;
    static final Geometry GEOMETRY = new Geometry(32, 32, 3, 10);

    private static final ObjectiveSpecification OBJECTIVE = new ObjectiveSpecification("pgd-at+rpat");

    private final String label;
    private final String network;
    private final int width;
    private final int steps;

    StepNetwork(String label, String network, int width, int steps) {
        this.label = label;
        this.network = network;
        this.width = width;
        this.steps = steps;
    }

    /** The networks' names. */
    static List<String> labels() {
        return Arrays.stream(values()).map(StepNetwork::label).toList();
    }

    /** @throws IllegalArgumentException for a name that none has */
    static StepNetwork of(String label) {
        return Arrays.stream(values()).filter(network -> network.label.equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--network: " + label + "; allowed: " + String.join(", ", labels())));
    }

    String label() {
        return label;
    }

    /** The network's name in a run. */
    String network() {
        return network;
    }

    int width() {
        return width;
    }

    /** How many steps one turn times unless it is told otherwise: those of a wide network take long. */
    int steps() {
        return steps;
    }

    /** Its model program: PGD with ten steps, robust perception on PGD-AT, SGD with momentum. */
    ProgramSpecification program() {
        return new ProgramSpecification(GEOMETRY,
                new NetworkSpecification(network, width, 200, false, List.of(), List.of()), OBJECTIVE,
                new OptimizerSpecification(0.9f, 5e-4f),
                List.of(AttackSpecification.training(ATTACK, ATTACK_STEPS, OBJECTIVE, AttackNorm.LINF)));
    }
}
