package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SettableClock;
import io.sparring.pipeline.StatusBoard;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerServiceTest {

    private static final IOException GONE = new IOException("data set fashion-mnist cannot be had");

    private final ProducerService service = new ProducerService(TinyRun.with(Map.of()), KafkaSettings.of("127.0.0.1:1"),
            (name, imageSize) -> {
                throw GONE;
            }, new SettableClock());

    @Test
    void isAProducerThatIsNotReadyBeforeItHasStarted() {
        assertThat(service.name()).isEqualTo("producer");
        assertThat(service.notReady()).hasValue("starting");
    }

    @Test
    void endsWithoutItsDataSet() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        ServiceContext context = new ServiceContext("producer-1", new StatusBoard(new SettableClock(), meters), meters);
        assertThatThrownBy(() -> service.run(context)).isSameAs(GONE);
        assertThat(service.notReady()).hasValue("reading data set fashion-mnist");
    }
}
