package io.sparring.pipeline;

import io.sparring.schemas.RunTopic;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.WireFormat;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends a service's status to the topic {@code service-status}. */
final class Heartbeat implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final WireFormat<ServiceStatus> FORMAT = WireFormat.of(ServiceStatus.class);

    private final Producer<String, byte[]> producer;
    private final String topic;
    private final String service;
    private final String instance;
    private final StatusBoard status;
    private volatile boolean reachable = true;
    private volatile String problem;

    Heartbeat(KafkaSettings kafka, String run, String service, String instance, StatusBoard status) {
        this(kafka.hasty(new StringSerializer()), run, service, instance, status);
    }

    Heartbeat(Producer<String, byte[]> producer, String run, String service, String instance, StatusBoard status) {
        this.producer = producer;
        this.topic = RunTopic.SERVICE_STATUS.of(run);
        this.service = service;
        this.instance = instance;
        this.status = status;
    }

    /** Sends the status of this moment; may block for a second while the cluster cannot be reached. */
    synchronized void send(String address) {
        producer.send(new ProducerRecord<>(topic, 0, service + "/" + instance,
                FORMAT.encode(status.heartbeat(service, instance, address))),
                (metadata, failure) -> delivered(failure));
    }

    private void delivered(Exception failure) {
        if (failure instanceof AuthorizationException && reachable) {
            LOG.warn("nobody sees that this service is alive: {}", failure.getMessage());
        }
        reachable = failure == null;
        // who is refused has reached the cluster
        problem = failure == null || failure instanceof AuthorizationException ? null
                : "the cluster cannot be reached: " + failure.getMessage();
    }

    /** Why the last heartbeat did not arrive, if that is for want of a cluster. May be called by any thread. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Sends the status of this moment unless the one before could not be delivered: nobody waits for the last one. */
    synchronized void sendLast(String address) {
        if (reachable) {
            send(address);
        }
    }

    @Override
    public synchronized void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
