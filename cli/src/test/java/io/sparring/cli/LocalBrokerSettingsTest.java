package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;

class LocalBrokerSettingsTest {

    private final Map<String, String> settings = LocalBrokerSettings.of(Path.of("/data"), new LocalPorts(1, 2));

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
        assertThat(settings.get("listeners")).isEqualTo("PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2");
        assertThat(settings.get("advertised.listeners")).isEqualTo("PLAINTEXT://127.0.0.1:1");
    }
}
