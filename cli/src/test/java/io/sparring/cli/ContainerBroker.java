package io.sparring.cli;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.kafka.KafkaContainer;

/** The official image, with the settings of the local broker: they hold for any. */
final class ContainerBroker {

    private ContainerBroker() {
    }

    static KafkaContainer configured() {
        return new KafkaContainer("apache/kafka:4.3.1").withEnv(environment());
    }

    private static Map<String, String> environment() {
        return LocalBrokerSettings.common().entrySet().stream().collect(Collectors.toMap(
                setting -> "KAFKA_" + setting.getKey().toUpperCase(Locale.ROOT).replace('.', '_'), Map.Entry::getValue));
    }
}
