package io.sparring.cli;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AutoAttackSettings;
import io.sparring.pipeline.Setting;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How a model is attacked. */
final class AttackOptions {

    static final String CLEAN = AttackSuite.CLEAN;
    static final String AUTO_ATTACK = "autoattack";

    private static final Pattern PGD = Pattern.compile("pgd(\\d{1,5})?");
    static final List<String> PARTS =
            List.of(AttackSuite.APGD_CE, AttackSuite.APGD_T, AttackSuite.FAB_T, AttackSuite.SQUARE);
    private static final int USUAL_STEPS = 20;

    @Option(names = "--suite", paramLabel = "NAME[,NAME...]", split = ",", defaultValue = AUTO_ATTACK,
            description = "What is run: autoattack (which has PGD-20 beside it), clean, pgd with a number of steps such as pgd20, or "
                    + "parts of AutoAttack: apgd-ce, apgd-t, fab-t, square (default: ${DEFAULT-VALUE}).")
    private List<String> names;

    @Option(names = "--norm", paramLabel = "linf|l2", defaultValue = "linf",
            description = "What measures a change of an image (default: ${DEFAULT-VALUE}).")
    private String norm;

    @Option(names = "--epsilon", paramLabel = "X", required = true, converter = Epsilon.Converter.class,
            description = "How far an image may be changed, in units of [0,1]: a number, or a fraction such as 8/255.")
    private Epsilon epsilon;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0",
            description = "Of all that is drawn at random (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--alone", description = "Run each part of AutoAttack alone on all images, rather than on those still "
            + "standing. What no part fools is then AutoAttack's figure.")
    private boolean alone;

    @Option(names = "--pgd-steps", paramLabel = "N", description = "Steps of PGD (default: 20).")
    private Integer pgdSteps;

    @Option(names = "--pgd-step-size", paramLabel = "X", converter = Epsilon.Converter.class,
            description = "Length of PGD's steps (default: a quarter of epsilon).")
    private Epsilon pgdStepSize;

    @Option(names = "--restarts", paramLabel = "N", defaultValue = "1",
            description = "Random starts of PGD, of which the worst counts (default: ${DEFAULT-VALUE}).")
    private int restarts;

    /** Those that the words of a command line say. */
    static AttackOptions parse(String... words) {
        AttackOptions options = CommandLine.populateCommand(new AttackOptions(), words);
        options.check();
        return options;
    }

    /** @throws IllegalArgumentException naming what is not allowed */
    void check() {
        for (String name : names) {
            Setting.require(name.equals(AUTO_ATTACK) || name.equals(CLEAN) || PARTS.contains(name) || PGD.matcher(name).matches(),
                    "--suite", name, "autoattack, clean, pgd20 or pgd with another number of steps, "
                            + String.join(", ", PARTS));
        }
        long attacks = names.stream().filter(name -> PGD.matcher(name).matches()).count();
        Setting.require(attacks <= 1 && names.stream().distinct().count() == names.size(), "--suite", String.join(",", names),
                "each once, and one PGD");
        Setting.require(!names.contains(AUTO_ATTACK) || names.stream().noneMatch(PARTS::contains), "--suite",
                String.join(",", names), "autoattack, or some of its parts");
        Setting.require(!alone || runsParts(), "--alone", String.join(",", names), "with --suite autoattack or parts of it");
        int named = names.stream().map(PGD::matcher).filter(Matcher::matches).filter(matcher -> matcher.group(1) != null)
                .mapToInt(matcher -> Integer.parseInt(matcher.group(1))).findFirst().orElse(-1);
        Setting.require(named < 0 || pgdSteps == null || pgdSteps == named, "--pgd-steps", pgdSteps, "as --suite has it: " + named);
        if (runsPgd()) {
            pgd();
        }
        autoAttackSettings();
    }

    AttackNorm norm() {
        return AttackNorm.named(norm);
    }

    Epsilon epsilon() {
        return epsilon;
    }

    long seed() {
        return seed;
    }

    boolean alone() {
        return alone;
    }

    int restarts() {
        return restarts;
    }

    /** Whether AutoAttack is run as a whole. */
    boolean runsAutoAttack() {
        return names.contains(AUTO_ATTACK);
    }

    private boolean runsParts() {
        return runsAutoAttack() || names.stream().anyMatch(PARTS::contains);
    }

    /** PGD's steps. */
    int steps() {
        return names.stream().map(PGD::matcher).filter(Matcher::matches).filter(matcher -> matcher.group(1) != null)
                .map(matcher -> Integer.valueOf(matcher.group(1))).findFirst()
                .orElse(pgdSteps == null ? USUAL_STEPS : pgdSteps);
    }

    float stepSize() {
        return pgdStepSize == null ? epsilon.value() / 4 : pgdStepSize.value();
    }

    boolean runsPgd() {
        return runsAutoAttack() || names.stream().anyMatch(name -> PGD.matcher(name).matches());
    }

    AttackSuite pgd() {
        return AttackSuite.pgd(norm(), epsilon.value(), stepSize(), steps(), restarts, true, seed);
    }

    AutoAttackSettings autoAttackSettings() {
        return AutoAttackSettings.standard(norm(), epsilon.value(), seed);
    }

    /**
     * AutoAttack, or the parts that were named, in AutoAttack's order.
     *
     * @throws IllegalArgumentException when a part that was named is left out for so few classes
     */
    AttackSuite parts(int classes) {
        AttackSuite suite = AttackSuite.autoAttack(autoAttackSettings(), classes);
        for (String name : names) {
            Setting.require(!PARTS.contains(name) || suite.parts().contains(name), "--suite", name,
                    "with " + classes + " classes: " + String.join(", ", suite.parts().subList(1, suite.parts().size())));
        }
        return new AttackSuite(suite.steps().stream().filter(step -> runsAutoAttack() || step.part().equals(CLEAN)
                || names.contains(step.part())).toList());
    }
}
