package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.ProducerService;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Streams the run's image batches to Kafka. */
@Command(name = "producer", mixinStandardHelpOptions = true,
        description = "Streams the run's image batches to Kafka.")
final class ProducerCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private DataOptions data;

    @Override
    public Integer call() throws Exception {
        RunSpecification run = service.specification();
        KafkaSettings kafka = service.kafka();
        return service.run(new ProducerService(run, kafka, data.dataSets(), Clock.systemUTC()), run, kafka);
    }
}
