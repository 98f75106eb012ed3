package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where Kafka is and how to get in. */
public final class KafkaOptions {

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT[,HOST:PORT...]",
            description = "The Kafka cluster. SPARRING_KAFKA_BOOTSTRAP_SERVERS in the environment does the same.")
    private String bootstrapServers;

    @Option(names = "--kafka-config", paramLabel = "FILE",
            description = "Further client settings, for TLS and SASL, as a properties file. SPARRING_KAFKA_SASL_MECHANISM in the "
                    + "environment is sasl.mechanism, and so on.")
    private Path file;

    /** The settings of a cluster that lets us in: before anything is begun, one connection is made with them. */
    public KafkaSettings settings() {
        KafkaSettings settings = KafkaSettings.read(bootstrapServers, file, System.getenv());
        settings.requireAccess();
        return settings;
    }
}
