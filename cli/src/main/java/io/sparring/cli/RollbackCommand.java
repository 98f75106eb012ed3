package io.sparring.cli;

import io.sparring.pipeline.RunOperator;
import io.sparring.schemas.UpdateIdentity;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes a run back to the weights of an earlier checkpoint. */
@Command(name = "rollback", mixinStandardHelpOptions = true,
        description = "Has the trainer go on from an earlier checkpoint's weights, with the next batch, in a new incarnation.")
final class RollbackCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--to", paramLabel = "STEP", required = true, description = "Step of the checkpoint.")
    private long step;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "60",
            description = "How long to wait until the trainer has done it (default: ${DEFAULT-VALUE}).")
    private long seconds;

    @Override
    public Integer call() throws InterruptedException {
        String name = run.specification().run();
        try (RunOperator operator = new RunOperator(kafka.settings(), name, Clock.systemUTC())) {
            UpdateIdentity wanted = operator.rollback(step);
            long nextBatch = operator.awaitUpdate(wanted, Duration.ofSeconds(seconds)).orElseThrow(() ->
                    new IllegalStateException("run " + name + ": no trainer has rolled back to step " + step + " within "
                            + seconds + " s; the request stands, and the next trainer that leads will do it"));
            PrintWriter out = spec.commandLine().getOut();
            out.println("run " + name + " goes on from step " + step + " in incarnation " + wanted.incarnation() + ", with batch "
                    + nextBatch);
            out.flush();
        }
        return 0;
    }
}
