package io.sparring.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The official image, with the settings of the local broker: they hold for any. */
@Tag("docker")
@Testcontainers
class ContainerBrokerIT extends BrokerContract {

    @Container
    static final KafkaContainer BROKER = new KafkaContainer("apache/kafka:4.3.1").withEnv(environment());

    @Override
    String bootstrapServers() {
        return BROKER.getBootstrapServers();
    }

    private static Map<String, String> environment() {
        return LocalBrokerSettings.common().entrySet().stream().collect(Collectors.toMap(
                setting -> "KAFKA_" + setting.getKey().toUpperCase(Locale.ROOT).replace('.', '_'), Map.Entry::getValue));
    }
}
