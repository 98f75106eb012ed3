package io.sparring.cli;

import io.sparring.pipeline.KafkaRefusedException;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. Exit codes: 0 done, 1 failed, 2 used wrongly; an error is a line on standard error. */
@Command(name = "sparring", mixinStandardHelpOptions = true, versionProvider = VersionProvider.class,
        description = "Continuous adversarial training of image classifiers on Apache Kafka.",
        synopsisSubcommandLabel = "COMMAND", subcommands = {QuickstartCommand.class, BrokerCommand.class, TopicsCommand.class,
            ProducerCommand.class, IngestCommand.class, AttackerCommand.class, TrainerCommand.class, EvaluatorCommand.class,
             DashboardCommand.class, ExportCommand.class, EvaluateCommand.class, StudyCommand.class,
             ControlCommands.Pause.class, ControlCommands.Resume.class,
             ControlCommands.Stop.class, ChangeCommand.class, RollbackCommand.class, RunsCommand.class, StatusCommand.class,
             LagCommand.class, ModelsCommand.class, TailCommand.class, TensorBoardCommand.class, ReportCommand.class,
             ReplayCommand.class, ChaosCommand.class, DeadLettersCommand.class})
public final class Sparring implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT,
            description = "Show where an error comes from. SPARRING_VERBOSE in the environment does the same.")
    private boolean verbose;

    public static void main(String[] arguments) {
        ParentProcess.endWithIt();
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command line, without the end of the JVM that main makes of its exit code. */
    public static CommandLine commandLine() {
        Sparring top = new Sparring();
        CommandLine commands = new CommandLine(top);
        ServiceLoader.load(CommandProvider.class).forEach(provider -> commands.addSubcommand(provider.command()));
        return commands
                .setParameterExceptionHandler((e, arguments) -> top.used(e))
                .setExecutionExceptionHandler((e, command, result) -> top.failed(e, command));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private int used(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter error = command.getErr();
        error.println("sparring: " + e.getMessage() + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        trace(e, error);
        return CommandLine.ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine command) {
        PrintWriter error = command.getErr();
        Exception e = KafkaRefusedException.in(failure).<Exception>map(refused -> refused).orElse(failure);
        error.println("sparring: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()));
        trace(e, error);
        return CommandLine.ExitCode.SOFTWARE;
    }

    private void trace(Exception e, PrintWriter error) {
        if (verbose || System.getenv("SPARRING_VERBOSE") != null) {
            e.printStackTrace(error);
        }
        error.flush();
    }
}
