package io.sparring.cli;

import io.sparring.pipeline.RunOperator;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SpecificationVersion;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Publishes another version of a run's specification. */
@Command(name = "change", mixinStandardHelpOptions = true,
        description = "Gives the run the run file's values of keys that may change while it goes on, from a batch on.")
final class ChangeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--from", paramLabel = "BATCH", defaultValue = "0",
            description = "First batch number with the new values (default: the next that the trainer takes).")
    private long from;

    @Override
    public Integer call() {
        if (from < 0) {
            throw new ParameterException(spec.commandLine(), "--from: " + from + "; allowed: a batch number, at least 0");
        }
        RunSpecification wanted = run.specification();
        try (RunOperator operator = new RunOperator(kafka.settings(), wanted.run(), Clock.systemUTC())) {
            SpecificationVersion version = operator.change(wanted, from);
            PrintWriter out = spec.commandLine().getOut();
            out.println("run " + wanted.run() + " has version " + version.version() + " of its specification from "
                    + (from == 0 ? "the trainer's next batch" : "batch " + from) + " on");
            out.flush();
        }
        return 0;
    }
}
