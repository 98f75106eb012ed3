package io.sparring.benchmarks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures on this machine. */
@Command(name = "bench", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {StepCommand.class, StepTurnCommand.class, ScaleCommand.class, ScaleServiceCommand.class, PiecesCommand.class, PipelineCommand.class, WireCommand.class},
        description = "Measures on this machine; prints a table, and a line of JSON with the machine, the versions and the settings.")
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
