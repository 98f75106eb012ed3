package io.sparring.cli;

import io.sparring.attacker.AttackerService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunSpecification;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Crafts adversarial batches against the newest weights; start as many as there is work for. */
@Command(name = "attacker", mixinStandardHelpOptions = true,
        description = "Crafts adversarial batches against the newest weights; start as many as there is work for.")
final class AttackerCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private ExecutionOptions execution;

    @Mixin
    private ProgramOptions program;

    @Option(names = "--oldest-weights", paramLabel = "SECONDS", defaultValue = "300",
            description = "Not ready when the newest weights came longer ago than this (default: ${DEFAULT-VALUE}).")
    private int oldestWeights;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = service.specification();
        // before the cluster is asked, which may take its time
        ExecutionSettings settings = execution.settings();
        ProgramPin pin = program.pin();
        KafkaSettings kafka = service.kafka();
        return service.run(new AttackerService(run, kafka, settings, pin, Clock.systemUTC(),
                Duration.ofSeconds(oldestWeights)), run, kafka);
    }
}
