package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.trainer.TrainerService;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains on clean and adversarial batches; a second one stands by for the first. */
@Command(name = "trainer", mixinStandardHelpOptions = true,
        description = "Trains on clean and adversarial batches; a second one stands by for the first.")
final class TrainerCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private ExecutionOptions execution;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = service.specification();
        KafkaSettings kafka = service.kafka();
        return service.run(new TrainerService(run, kafka, execution.settings(), Clock.systemUTC()), run, kafka);
    }
}
