package io.sparring.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/** One of three brokers, each a controller too, that hold a copy of everything: folder, number from 1, and the cluster's id. */
public final class ClusterNode {

    static final int NODES = 3;

    private ClusterNode() {
    }

    public static void main(String[] arguments) throws Exception {
        ParentProcess.endWithIt();
        Path folder = Path.of(arguments[0]);
        int node = Integer.parseInt(arguments[1]);
        List<LocalPorts> ports = ports(folder);
        Path data = folder.resolve("" + node).resolve("data");
        Files.createDirectories(data);
        format(data, node, arguments[2]);
        Map<String, String> settings = LocalBrokerSettings.of(data, ports.get(node - 1));
        settings.put("node.id", "" + node);
        settings.put("controller.quorum.voters", IntStream.rangeClosed(1, NODES)
                .mapToObj(each -> each + "@" + LocalPorts.HOST + ":" + ports.get(each - 1).controller())
                .collect(Collectors.joining(",")));
        settings.put("min.insync.replicas", "2");
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".replication.factor", "" + NODES);
        }
        settings.put("transaction.state.log.min.isr", "2");
        settings.put("share.coordinator.state.topic.min.isr", "2");
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        ParentProcess.tellReady(ports.get(node - 1).bootstrapServers());
        server.awaitShutdown();
    }

    /** The ports of all nodes, kept in the folder. */
    static List<LocalPorts> ports(Path folder) throws Exception {
        List<LocalPorts> ports = new ArrayList<>();
        for (int node = 1; node <= NODES; node++) {
            ports.add(LocalPorts.in(Files.createDirectories(folder.resolve("" + node)), 0));
        }
        return ports;
    }

    private static void format(Path data, int node, String cluster) throws Exception {
        new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream())).setClusterId(cluster).setNodeId(node)
                .setControllerListenerName(LocalBrokerSettings.CONTROLLER_LISTENER)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES).setReleaseVersion(MetadataVersion.latestProduction())
                .addDirectory(data.toString()).setMetadataLogDirectory(data.toString()).run();
    }
}
