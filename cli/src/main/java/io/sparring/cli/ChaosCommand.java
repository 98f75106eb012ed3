package io.sparring.cli;

import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Setting;
import io.sparring.trainer.RunProgram;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Kills the processes of a run, again and again, and checks that nothing is lost and nothing counted twice. */
@Command(name = "chaos", mixinStandardHelpOptions = true, description = {
        "Starts a broker and the services of a run on this machine and kills them at random while it goes on, inside transactions "
                + "too; then checks from the topics that every batch has one outcome, and that the weights are those of an "
                + "undisturbed run where staleness.exactly is set.",
        "Exit code 1 if any promise is broken, or the run was too short for the kills."})
final class ChaosCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Mixin
    private DataOptions data;

    @Option(names = "--kills", paramLabel = "N", defaultValue = "50",
            description = "How many (default: ${DEFAULT-VALUE}): a fifth of them each the broker's, the producer's, the attackers' "
                    + "and the trainer's.")
    private int kills;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1",
            description = "Draws who is killed when and how (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--attackers", paramLabel = "N", defaultValue = "2",
            description = "Attacker processes (default: ${DEFAULT-VALUE}).")
    private int attackers;

    @Option(names = "--standby", description = "With a second trainer, which takes over from the one that is killed.")
    private boolean standby;

    @Option(names = "--folder", paramLabel = "DIR", defaultValue = ".sparring/chaos",
            description = "Where the broker's data and the logs are; those of an earlier time are removed (default: "
                    + "${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON too.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Setting.atLeast("--kills", kills, 1);
        Setting.atLeast("--attackers", attackers, 1);
        // what is trimmed cannot be checked
        RunSpecification specification = run.specification(Map.of("log", "keep"));
        RunSpecification undisturbed = run.specification(
                Map.of("log", "keep", "run", specification.run() + "-undisturbed"));
        Setting.atLeast("data.batches", specification.data().batches(), 1);
        Setting.require(!specification.data().incoming(), "data.source", specification.data().source(),
                "dataset, for nobody sends images to this run and to the one that it is compared with");
        RunProgram.check(specification);
        data.dataSets().load(specification);
        Path at = folder.toAbsolutePath().normalize();
        LocalBroker.delete(at.resolve(Chaos.BROKER));
        QuickstartCommand.delete(at.resolve(Chaos.LOGS));
        Files.createDirectories(at);
        ChaosServices processes = new ChaosServices(attackers, standby, data.directory()
                .map(directory -> List.of("--data", directory.toString())).orElse(List.of()));
        Chaos chaos = new Chaos(specification, undisturbed, ChaosPlan.of(kills, seed), processes, at, line -> {
            out.println(line);
            out.flush();
        });
        CountDownLatch done = new CountDownLatch(1);
        // at Ctrl-C the processes end in order, and none stays behind that was held up
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            chaos.stop();
            QuickstartCommand.await(done);
        }, "chaos-stop"));
        try {
            ChaosResult result = chaos.run();
            out.println();
            result.table().forEach(out::println);
            out.flush();
            if (json != null) {
                ResultFile.write(json, result);
            }
            return result.broken().isEmpty() ? 0 : 1;
        } finally {
            done.countDown();
        }
    }
}
