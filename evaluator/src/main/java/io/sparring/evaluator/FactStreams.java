package io.sparring.evaluator;

import io.sparring.pipeline.KafkaRefusedException;
import io.sparring.pipeline.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This evaluator's part in a Kafka Streams application that counts facts; evaluators of one run share the work. */
final class FactStreams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FactStreams.class);

    private final KafkaStreams streams;
    private volatile KafkaRefusedException refused;

    private FactStreams(KafkaStreams streams) {
        this.streams = streams;
        streams.setUncaughtExceptionHandler(this::failed);
    }

    /** @param application its id, with which the names of its topics, its group and its transactions begin */
    static FactStreams start(KafkaSettings kafka, String application, Topology topology) {
        KafkaStreams streams = new KafkaStreams(topology, properties(kafka, application), clients(kafka));
        FactStreams counting = new FactStreams(streams);
        streams.start();
        return counting;
    }

    /** Streams' own, but that what it publishes is encoded as by every other producer. */
    private static KafkaClientSupplier clients(KafkaSettings kafka) {
        return new DefaultKafkaClientSupplier() {
            @Override
            public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
                return new KafkaProducer<>(config, new ByteArraySerializer(), kafka.values());
            }
        };
    }

    /** @throws KafkaRefusedException if the cluster did not let it count: no thread would fare better */
    void requireAccess() {
        if (refused != null) {
            throw refused;
        }
    }

    private StreamThreadExceptionResponse failed(Throwable failure) {
        Optional<KafkaRefusedException> refusal = KafkaRefusedException.in(failure);
        if (refusal.isPresent()) {
            refused = refusal.get();
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        LOG.warn("counting facts failed, starting over", failure);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    static Properties properties(KafkaSettings kafka, String application) {
        Map<String, Object> settings = new HashMap<>(kafka.forStreams());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory().toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
        settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_500);
        settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        settings.put(StreamsConfig.producerPrefix("interceptor.classes"), kafka.interceptors());
        Properties properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    /** Nothing in it outlives the process: the stores are in memory. Two evaluators on one machine need two of them. */
    private static Path stateDirectory() {
        try {
            Path directory = Files.createTempDirectory("sparring-streams");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // where Kafka is away its threads may take longer; what they keep on the disk is in the folder for what is temporary
        if (streams.close(Duration.ofSeconds(10))) {
            streams.cleanUp();
        }
    }
}
