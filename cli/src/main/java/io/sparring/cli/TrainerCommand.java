package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.trainer.Beginning;
import io.sparring.trainer.TrainerService;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains on clean and adversarial batches; a second one stands by for the first. */
@Command(name = "trainer", mixinStandardHelpOptions = true,
        description = "Trains on clean and adversarial batches; a second one stands by for the first.")
final class TrainerCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private ExecutionOptions execution;

    @Mixin
    private ProgramOptions programs;

    @Option(names = "--program", paramLabel = "FILE",
            description = "A saved_model.pb with the signatures of a model program (default: the run file's network); needs "
                    + "--initial-weights. A run that has published a program has that.")
    private Path program;

    @Option(names = "--initial-weights", paramLabel = "FILE",
            description = "A safetensors file whose weights the run begins with (default: drawn by the run's seed). A run that has "
                    + "a checkpoint goes on from that.")
    private Path initialWeights;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = service.specification();
        Beginning beginning = new Beginning(Optional.ofNullable(program), Optional.ofNullable(initialWeights),
                programs.pin());
        // before the cluster is asked, which may take its time
        ExecutionSettings settings = execution.settings();
        KafkaSettings kafka = service.kafka();
        return service.run(new TrainerService(run, kafka, settings, beginning, Clock.systemUTC()), run, kafka);
    }
}
