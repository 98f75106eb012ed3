package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunTopics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes what a run measures for TensorBoard. */
@Command(name = "tensorboard", mixinStandardHelpOptions = true, description = "Writes a run's losses, attacks and accuracies as event "
        + "files that `tensorboard --logdir DIR` shows, and goes on as they come, until Ctrl-C. What DIR has already is not written again.")
final class TensorBoardCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--out", paramLabel = "DIR", required = true,
            description = "The log directory; each incarnation of the run has a folder of its own in it.")
    private Path out;

    @Option(names = "--no-follow", description = "End with what there is now.")
    private boolean once;

    @Override
    public Integer call() throws Exception {
        KafkaSettings settings = kafka.settings();
        String name = run.on(settings);
        PrintWriter print = spec.commandLine().getOut();
        String identity;
        try (Admin admin = settings.admin()) {
            identity = new RunTopics(admin).identity(name);
        }
        try (TensorBoardCurves curves = new TensorBoardCurves(out, name, identity, Clock.systemUTC());
                RecordTail tail = RecordTail.fromBeginning(settings, RunCurves.topics(name))) {
            print.println("writing run " + name + " to " + out);
            print.flush();
            while (!Thread.currentThread().isInterrupted() && !(once && tail.isBehindItsEnd())) {
                for (ConsumerRecord<byte[], byte[]> record : tail.next()) {
                    curves.add(record);
                }
            }
        }
        return 0;
    }
}
