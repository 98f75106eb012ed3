package io.sparring.benchmarks;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures on this machine. */
@Command(name = "bench", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        subcommands = {StepCommand.class, PipelineCommand.class, WireCommand.class, ScaleCommand.class, BrokerCommand.class,
            GrowthCommand.class, PiecesCommand.class, StepTurnCommand.class, ScaleServiceCommand.class},
        description = "Measures on this machine; prints a table, and a line of JSON with machine, versions and settings.")
public final class BenchCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
