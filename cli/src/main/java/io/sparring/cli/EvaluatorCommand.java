package io.sparring.cli;

import io.sparring.evaluator.EvaluatorService;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.RunSpecification;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures published weights on held-out images; several share the work. */
@Command(name = "evaluator", mixinStandardHelpOptions = true,
        description = "Measures published weights on held-out images; several share the work.")
final class EvaluatorCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private ExecutionOptions execution;

    @Mixin
    private ProgramOptions program;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = service.specification();
        // before the cluster is asked, which may take its time
        ExecutionSettings settings = execution.settings();
        ProgramPin pin = program.pin();
        KafkaSettings kafka = service.kafka();
        return service.run(new EvaluatorService(run, kafka, settings, pin, Clock.systemUTC()), run, kafka);
    }
}
