package io.sparring.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local broker that was killed, which its controller still holds to be alive. A broker started on such a folder takes itself
 * for the leader of all partitions until its former session ends; if the controller then finds no leader at all while the end of
 * a transaction waits to be written, Kafka (4.3.1) takes the partitions for deleted and leaves the transaction open on them for
 * ever ({@code TransactionMarkerChannelManager.addTxnMarkersToBrokerQueue}). So the controller runs alone first, with a session
 * that ends at once. That the new broker need not wait for it is welcome too.
 */
final class KilledBroker {

    private static final Logger LOG = LoggerFactory.getLogger(KilledBroker.class);

    /** What Kafka leaves in a folder when it stops in order, and removes when it starts. */
    private static final String STOPPED_IN_ORDER = ".kafka_cleanshutdown";
    private static final String SESSION_MILLIS = "500";
    private static final String HEARTBEAT_MILLIS = "250";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long LOOK_MILLIS = 20;

    private KilledBroker() {
    }

    /** Whether the broker that used this folder, formatted before, was killed. */
    static boolean in(Path data) {
        return !Files.exists(data.resolve(STOPPED_IN_ORDER));
    }

    /**
     * Has the controller note that the broker is gone.
     *
     * @param settings those that the broker is to be started with
     */
    static void fence(Map<String, String> settings) {
        KafkaRaftServer controller = new KafkaRaftServer(new KafkaConfig(alone(settings), false), Time.SYSTEM);
        controller.startup();
        try {
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (fencedBrokers() == 0) {
                if (System.nanoTime() > deadline) {
                    // killed before it was known to its controller
                    LOG.warn("the controller knows of no broker that was killed");
                    return;
                }
                Time.SYSTEM.sleep(LOOK_MILLIS);
            }
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static Map<String, String> alone(Map<String, String> settings) {
        Map<String, String> alone = new HashMap<>(settings);
        alone.put("process.roles", "controller");
        alone.put("listeners", Arrays.stream(settings.get("listeners").split(",")).map(String::strip)
                .filter(listener -> listener.startsWith(LocalBrokerSettings.CONTROLLER_LISTENER + "://"))
                .collect(Collectors.joining(",")));
        alone.remove("advertised.listeners");
        alone.put("broker.session.timeout.ms", SESSION_MILLIS);
        alone.put("broker.heartbeat.interval.ms", HEARTBEAT_MILLIS);
        return alone;
    }

    private static int fencedBrokers() {
        try {
            return (int) ManagementFactory.getPlatformMBeanServer().getAttribute(
                    new ObjectName("kafka.controller:type=KafkaController,name=FencedBrokerCount"), "Value");
        } catch (InstanceNotFoundException e) {
            return 0;
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }
}
