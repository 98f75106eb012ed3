package io.sparring.cli;

import org.junit.jupiter.api.Tag;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The whole pipeline on the official image. */
@Tag("docker")
@Testcontainers
class ContainerPipelineIT extends PipelineContract {

    @Container
    static final KafkaContainer BROKER = ContainerBroker.configured();

    @Override
    String bootstrapServers() {
        return BROKER.getBootstrapServers();
    }
}
