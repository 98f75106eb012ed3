package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerSettingsTest {

    private final Map<String, String> settings = LocalBrokerSettings.of(Path.of("/data"), new LocalPorts(1, 2));

    @TempDir
    Path folder;

    @Test
    void areAllKnownToKafka() {
        assertThat(KafkaConfig.configDef().names()).containsAll(settings.keySet());
    }

    @Test
    void holdTogether() {
        KafkaConfig config = new KafkaConfig(settings, false);

        assertThat(config.nodeId()).isEqualTo(LocalBrokerSettings.NODE);
        assertThat(config.messageMaxBytes()).isEqualTo(8 * 1024 * 1024);
    }

    @Test
    void keepTheBrokerOffTheNetwork() {
        assertThat(settings.get("listeners")).isEqualTo("CLIENTS://127.0.0.1:1,CONTROLLER://127.0.0.1:2");
        assertThat(settings).doesNotContainKey("advertised.listeners");
    }

    @Test
    void mayBeSecuredByAFileThatLeavesTheListenersAsTheyAre() throws IOException {
        settings.putAll(LocalBrokerSettings.read(file("listener.security.protocol.map=CLIENTS:SASL_SSL,CONTROLLER:SSL\n"
                + "sasl.enabled.mechanisms=SCRAM-SHA-512\nsasl.mechanism.inter.broker.protocol=SCRAM-SHA-512\n")));

        KafkaConfig config = new KafkaConfig(settings, false);
        assertThat(config.interBrokerSecurityProtocol()).hasToString("SASL_SSL");
        assertThat(config.effectiveAdvertisedBrokerListeners().head().port()).isEqualTo(1);
    }

    @Test
    void comeFromAFileUnlessTheFolderDecidesThem() throws IOException {
        Path file = file("super.users=User:a\nnode.id=7\n");

        assertThatThrownBy(() -> LocalBrokerSettings.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("broker settings " + file + ": node.id cannot be set: --folder decides it");
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> LocalBrokerSettings.read(missing)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("broker settings " + missing + ": cannot be read: java.nio.file.NoSuchFileException: " + missing);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("broker.properties"), text);
    }
}
