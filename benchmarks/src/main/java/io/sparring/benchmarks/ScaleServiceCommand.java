package io.sparring.benchmarks;

import io.sparring.attacker.AttackerService;
import io.sparring.cli.ParentProcess;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ProgramLoader;
import io.sparring.pipeline.AttackSettings;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceHost;
import io.sparring.producer.ProducerService;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Services of `bench scale` in this process: the real ones, which compute nothing. */
@Command(name = "scale-service", hidden = true, description = "Services of `bench scale`, in this process.")
final class ScaleServiceCommand implements Callable<Integer> {

    /** Which service. */
    enum Role { PRODUCER, TRAINER, ATTACKER }

    @Option(names = "--role", required = true)
    private Role role;

    @Option(names = "--first", defaultValue = "1")
    private int first;

    @Option(names = "--count", defaultValue = "1")
    private int count;

    @Option(names = "--crafting-millis", required = true)
    private int craftingMillis;

    @Option(names = "--run", required = true)
    private Path runFile;

    @Option(names = "--bootstrap-servers", required = true)
    private String bootstrapServers;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = RunFile.read(runFile, Map.of(), Map.of());
        KafkaSettings kafka = KafkaSettings.of(bootstrapServers);
        List<ServiceHost> hosts = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(hosts), "stop"));
        for (int number = first; number < first + count; number++) {
            hosts.add(ServiceHost.start(service(run, kafka), run.run(), instance(role, number), kafka,
                    new HttpSettings("127.0.0.1", 0)));
        }
        ParentProcess.tellReady(Integer.toString(count));
        CompletableFuture.anyOf(hosts.stream().map(ServiceHost::ended).toArray(CompletableFuture[]::new)).get();
        return 0;
    }

    static String instance(Role role, int number) {
        return role.name().toLowerCase(Locale.ROOT) + "-" + number;
    }

    private Service service(RunSpecification run, KafkaSettings kafka) {
        ProgramLoader simulated = (savedModel, settings) -> new SimulatedProgram(
                StepNetwork.GEOMETRY, Set.of(AttackSettings.NAME), Duration.ofMillis(craftingMillis));
        ExecutionSettings execution = new ExecutionSettings(1, 1);
        return switch (role) {
            case PRODUCER -> new ProducerService(run, kafka, new RandomImages(), Clock.systemUTC());
            case TRAINER -> new TrainerService(run, kafka, execution,
                    new Beginning(Optional.empty(), Optional.empty(), ProgramPin.NONE), simulated, Clock.systemUTC());
            case ATTACKER -> new AttackerService(run, kafka, execution, ProgramPin.NONE, simulated, Clock.systemUTC(),
                    Duration.ofMinutes(5));
        };
    }

    private static void close(List<ServiceHost> hosts) {
        List<Thread> ends = new ArrayList<>();
        for (ServiceHost host : hosts) {
            Thread end = new Thread(host::close, "close");
            end.start();
            ends.add(end);
        }
        for (Thread end : ends) {
            try {
                end.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
