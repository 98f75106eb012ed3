package io.sparring.cli;

import io.sparring.pipeline.BearerToken;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.ProducerService;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Streams the run's image batches to Kafka. */
@Command(name = "producer", mixinStandardHelpOptions = true,
        description = "Streams the run's image batches to Kafka.")
final class ProducerCommand implements Callable<Integer> {

    @Mixin
    private ServiceOptions service;

    @Mixin
    private DataOptions data;

    @Option(names = "--http-token-file", paramLabel = "FILE", description = "A file with the token that whoever posts images "
            + "has to bring; without one, POST /images is for this machine alone. SPARRING_HTTP_TOKEN in the environment holds "
            + "the token itself.")
    private Path tokenFile;

    @Override
    public Integer call() throws Exception {
        Optional<BearerToken> token = BearerToken.read(tokenFile, System.getenv());
        RunSpecification run = service.specification();
        KafkaSettings kafka = service.kafka();
        return service.run(new ProducerService(run, kafka, data.dataSets(), Clock.systemUTC(), token), run,
                kafka);
    }
}
