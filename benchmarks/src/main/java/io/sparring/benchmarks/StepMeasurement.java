package io.sparring.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.cli.ChildCommand;
import io.sparring.cli.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Turns of the one and the other in the same minutes, each in a process of its own, so that neither has the better machine. */
final class StepMeasurement {

    /** Ours, beside the yardstick's layouts. */
    static final String OURS = "ours";

    private final Path folder;
    private final Yardstick yardstick;
    private final List<String> jvmOptions;
    private final Consumer<String> say;

    /**
     * @param folder    for logs and results of the turns
     * @param yardstick null to measure Sparring alone
     * @param say       is told of each turn
     */
    StepMeasurement(Path folder, Yardstick yardstick, List<String> jvmOptions, Consumer<String> say) {
        this.folder = folder;
        this.yardstick = yardstick;
        this.jvmOptions = jvmOptions;
        this.say = say;
    }

    /** The figures of every round, by who made them: {@link #OURS}, and each of {@link Yardstick#LAYOUTS}. */
    Map<String, List<StepFigures>> measure(StepPlan plan, int rounds)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, List<StepFigures>> figures = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            add(figures, OURS, ours(plan), plan, round);
            if (yardstick != null) {
                for (String layout : Yardstick.LAYOUTS) {
                    add(figures, layout, yardstick.measure(plan, layout), plan, round);
                }
            }
        }
        return figures;
    }

    private void add(Map<String, List<StepFigures>> figures, String who, StepFigures turn, StepPlan plan, int round) {
        figures.computeIfAbsent(who, key -> new ArrayList<>()).add(turn);
        say.accept(String.format(Locale.ROOT, "%s %s round %d, %s: attack %.1f, train %.1f, step %.1f images/s",
                plan.network().label(), StepCommand.label(plan.precision()), round, who, turn.attack(), turn.train(),
                turn.step()));
    }

    private StepFigures ours(StepPlan plan) throws IOException, InterruptedException, ExecutionException {
        Path result = folder.resolve("turn.json");
        Files.deleteIfExists(result);
        List<String> arguments = new ArrayList<>(List.of("bench", "step-turn",
                "--network", plan.network().label(), "--precision", plan.precision().name(),
                "--arrangement", plan.arrangement().toString(), "--batch", Integer.toString(plan.batch()),
                "--steps", Integer.toString(plan.steps()), "--warm-up", Integer.toString(plan.warmUp()),
                "--json", result.toString()));
        if (plan.judged()) {
            arguments.add("--judged");
        }
        ChildCommand command = ChildCommand.sparring("turn", folder.resolve("turn.log"), arguments.toArray(String[]::new))
                .withJvmOptions(jvmOptions.toArray(String[]::new));
        try (ChildProcess turn = ChildProcess.start(command)) {
            int code = turn.exitCode().get();
            if (code != 0) {
                throw turn.failure("ended with exit code " + code);
            }
        }
        return new ObjectMapper().readValue(result.toFile(), StepFigures.class);
    }
}
