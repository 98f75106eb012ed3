package io.sparring.cli;

import org.junit.jupiter.api.Tag;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

@Tag("docker")
@Testcontainers
class ContainerBrokerIT extends BrokerContract {

    @Container
    static final KafkaContainer BROKER = ContainerBroker.configured();

    @Override
    String bootstrapServers() {
        return BROKER.getBootstrapServers();
    }
}
