package io.sparring.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * One of three brokers, each a controller too, that hold a copy of everything. Its arguments are its folder, its number from 1,
 * the cluster's id, and all nodes' ports, each as BROKER:CONTROLLER.
 */
public final class ClusterNode {

    static final int NODES = 3;
    private static final int FIRST_PORTS = 3;

    private ClusterNode() {
    }

    public static void main(String[] arguments) throws Exception {
        ParentProcess.endWithIt();
        int node = Integer.parseInt(arguments[1]);
        List<LocalPorts> ports = Arrays.stream(arguments).skip(FIRST_PORTS).map(ClusterNode::ports).toList();
        Path data = Files.createDirectories(Path.of(arguments[0]));
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

    /**
     * The arguments of all nodes, a folder of its own in {@code folder} each.
     *
     * @param ports of each node: chosen by one process, since nodes that start at once would not agree about free ones
     */
    static List<List<String>> arguments(Path folder, String cluster, List<LocalPorts> ports) {
        List<List<String>> arguments = new ArrayList<>();
        for (int node = 1; node <= ports.size(); node++) {
            String data = folder.resolve("node-" + node).resolve("data").toString();
            List<String> own = new ArrayList<>(List.of(data, Integer.toString(node), cluster));
            ports.forEach(each -> own.add(each.broker() + ":" + each.controller()));
            arguments.add(own);
        }
        return arguments;
    }

    private static LocalPorts ports(String argument) {
        String[] ports = argument.split(":");
        return new LocalPorts(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
    }

    private static void format(Path data, int node, String cluster) throws Exception {
        new Formatter().setPrintStream(new PrintStream(OutputStream.nullOutputStream())).setClusterId(cluster).setNodeId(node)
                .setControllerListenerName(LocalBrokerSettings.CONTROLLER_LISTENER)
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES).setReleaseVersion(MetadataVersion.latestProduction())
                .addDirectory(data.toString()).setMetadataLogDirectory(data.toString()).run();
    }
}
