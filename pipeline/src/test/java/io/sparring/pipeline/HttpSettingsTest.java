package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSettingsTest {

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void portsOutOfRangeAreRefused(int port) {
        assertThatThrownBy(() -> new HttpSettings("127.0.0.1", port)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("http.port: '" + port + "' is not allowed; allowed: from 0 to 65535");
    }

    @Test
    void aBlankHostIsRefused() {
        assertThatThrownBy(() -> new HttpSettings(" ", 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("http.host: ' ' is not allowed; allowed: an address to bind, such as 127.0.0.1 or 0.0.0.0");
    }

    @Test
    void knowsWhatOnlyThisMachineReaches() {
        assertThat(List.of("127.0.0.1", "localhost", "::1")).allMatch(host -> new HttpSettings(host, 0).isLoopback());
        assertThat(List.of("0.0.0.0", "192.0.2.1", "::")).noneMatch(host -> new HttpSettings(host, 0).isLoopback());
    }

    @Test
    void theFirstAndTheLastPortAreAllowed() {
        assertThat(new HttpSettings("0.0.0.0", 0).port()).isZero();
        assertThat(new HttpSettings("0.0.0.0", 65_535).port()).isEqualTo(65_535);
    }
}
