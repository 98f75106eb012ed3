package io.sparring.cli;

import io.sparring.learning.AttackLoss;
import io.sparring.learning.AttackNorm;
import io.sparring.learning.AttackSpecification;
import io.sparring.learning.AttackStart;
import io.sparring.learning.Geometry;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.pipeline.AttackSettings;
import io.sparring.producer.DataSetGeometry;
import io.sparring.producer.DataSets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The text of {@code docs/reference.md}, made from the code that defines what is in it. */
final class Reference {

    static final Path FILE = Path.of("..", "docs", "reference.md");
    private static final Geometry CIFAR_10 = new Geometry(32, 32, 3, 10);

    private final StringBuilder text = new StringBuilder();

    private Reference() {
    }

    /** Each file that is made from the code, with its text. */
    static Map<Path, String> files() throws IOException {
        return Map.of(FILE, text(), FILE.resolveSibling("configuration.md"), ReferenceConfiguration.text(),
                FILE.resolveSibling("metrics.md"), ReferenceMetrics.text());
    }

    private static String text() {
        Reference reference = new Reference();
        reference.line("# Reference");
        reference.line("");
        reference.line("Made from the code by `ReferenceTest`, which fails when the two differ and says how to make it again.");
        reference.objectives();
        reference.attacks();
        reference.networks();
        reference.dataSets();
        reference.line("");
        reference.line("Keys and options are in [configuration.md](configuration.md), metrics in [metrics.md](metrics.md).");
        ReferenceRecords.commands().forEach(reference::line);
        ReferenceRecords.topics().forEach(reference::line);
        ReferenceRecords.records().forEach(reference::line);
        return reference.text.toString();
    }

    private void objectives() {
        section("Objectives", """
                Key `objective.name`. f gives logits, g those of the averaged weights; x is the clean image, x' the perturbed
                one, x~ = α x + (1-α) x' with α = `objective.interpolation`, y the label, p_y its probability for x,
                λ `objective.lambda`, β `objective.beta`; divergences are between softmaxes. The Javadoc of the module
                `learning` names the papers and the places in the published code.""");
        row("name", "minimises", "views", "trained on", "evaluated and exported");
        row("---", "---", "---", "---", "---");
        for (String name : ObjectiveSpecification.names()) {
            ObjectiveSpecification objective = new ObjectiveSpecification(name);
            AttackSpecification attack = AttackSpecification.training(AttackSettings.NAME, 1, objective, AttackNorm.LINF);
            row("`" + name + "`", objective.formula(), Integer.toString(objective.views()),
                    "PGD raising the " + loss(attack.loss()) + ", from " + start(attack.start()),
                    objective.averages() ? "averaged weights" : "weights");
        }
    }

    private void attacks() {
        section("Attacks", """
                Projected gradient ascent of `attack.steps` and `evaluation.steps` steps, unrolled in the model program; what it
                raises and where it starts in training is the objective's matter, in evaluation it raises the cross entropy
                from a uniform start. Key `attack.norm`:""");
        row("norm", "on the wire");
        row("---", "---");
        for (AttackNorm norm : AttackNorm.values()) {
            row("`" + norm.key() + "`", switch (norm) {
                case LINF -> "signed bytes of 1/255, within ⌊255 ε⌋";
                case L2 -> "binary16, rounded towards zero";
            });
        }
    }

    private void networks() {
        section("Networks", """
                Key `network.name`; `wideresnet-<depth>-<factor>` takes any depth of the form 6 n + 4. The weights are those of
                the usual width (`network.width`), for CIFAR-10.""");
        row("name", "usual width", "trainable weights");
        row("---", "---", "---:");
        for (String name : NetworkSpecification.names()) {
            int width = name.startsWith("wideresnet") ? 16 : name.equals("cnn4") ? 32 : 64;
            row("`" + name + "`", Integer.toString(width), String.format(Locale.ROOT, "%,d",
                    new NetworkSpecification(name, width, 200, false, List.of(), List.of()).trainableWeights(CIFAR_10)));
        }
    }

    private void dataSets() {
        section("Data sets", "Key `data.name`.");
        row("name", "images", "classes", "run file");
        row("---", "---", "---:", "---");
        for (String name : DataSets.names()) {
            boolean shipped = Files.exists(Path.of("..", "runs", name + ".yaml"));
            Optional<DataSetGeometry> geometry = DataSets.geometry(name);
            row("`" + name + "`",
                    geometry.map(of -> of.height() + " x " + of.width() + " x " + of.channels()).orElse("as its files are"),
                    geometry.map(of -> Integer.toString(of.classes())).orElse("as its files are"),
                    shipped ? "[runs/" + name + ".yaml](../runs/" + name + ".yaml)" : "");
        }
    }

    private void section(String title, String introduction) {
        line("");
        line("## " + title);
        line("");
        line(introduction);
        line("");
    }

    private void row(String... cells) {
        line("| " + String.join(" | ", cells).replace("‖", "\\|\\|") + " |");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String loss(AttackLoss loss) {
        return switch (loss) {
            case CROSS_ENTROPY -> "cross entropy";
            case KL -> "divergence from the clean image";
        };
    }

    private static String start(AttackStart start) {
        return switch (start) {
            case IMAGE -> "the image";
            case UNIFORM -> "a uniform start in the ball";
            case NORMAL -> "x + 0.001 N(0,1)";
            case GIVEN -> "a perturbed image that is given";
        };
    }
}
