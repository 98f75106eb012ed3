package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.RunTopic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a cluster of three brokers, one of which is killed: the one that leads the run's training steps. */
class LeaderChangeIT {

    private static final int BATCHES = 300;

    @TempDir
    Path folder;

    private final List<ChildProcess> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(ChildProcess::kill);
    }

    @Test
    void theRunGoesOnWithTheOtherTwo() throws Exception {
        String servers = start();
        Map<String, String> settings = Map.of("data.batches", "" + BATCHES, "data.lead", "24", "log", "keep");
        try (ServiceChildren services = ServiceChildren.of("leader-" + UUID.randomUUID(), settings, servers, folder,
                (short) ClusterNode.NODES)) {
            List<ChildProcess> children = services.startAll();
            services.awaitBatches(20);

            int leader = leader(servers, RunTopic.TRAINING_STEPS.of(services.run().run()));
            nodes.get(leader - 1).kill();
            assertThat(services.progress().batches()).as("still in the middle").isLessThan(BATCHES);

            services.awaitBatches(BATCHES);
            assertThat(leader(servers, RunTopic.TRAINING_STEPS.of(services.run().run()))).isNotEqualTo(leader);
            assertThat(children).allMatch(ChildProcess::isAlive);
            assertThat(services.broken()).isEmpty();
        }
    }

    private String start() throws Exception {
        List<LocalPorts> ports = new ArrayList<>();
        for (int node = 1; node <= ClusterNode.NODES; node++) {
            ports.add(LocalPorts.in(Files.createDirectories(folder.resolve("node-" + node)), 0));
        }
        for (List<String> arguments : ClusterNode.arguments(folder, Uuid.randomUuid().toString(), ports)) {
            String name = "node-" + arguments.get(1);
            ChildCommand command = ChildCommand.sparring(name, folder.resolve(name + ".log"), arguments.toArray(String[]::new));
            nodes.add(ChildProcess.start(command.withMainClass(ClusterNode.class)
                    .withJvmOptions("-Xmx512m", "-XX:TieredStopAtLevel=1")));
        }
        for (ChildProcess node : nodes) {
            node.awaitReady(ServiceChildren.LIMIT);
        }
        return ports.stream().map(LocalPorts::bootstrapServers).collect(Collectors.joining(","));
    }

    private static int leader(String servers, String topic) throws Exception {
        try (Admin admin = KafkaSettings.of(servers).admin()) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().get(0).leader().id();
        }
    }
}
