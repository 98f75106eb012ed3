package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLayoutTest {

    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void configure() throws JoranException {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogLayoutTest.class.getResource("/logback.xml"));
    }

    @Test
    void showsWhatIsKnownOfRunBatchAndUpdate() {
        assertThat(line(Map.of("run", "fashion", "batch", "12", "update", "0-40")))
                .endsWith("INFO  io.sparring.Trainer run=fashion batch=12 update=0-40 - trained");
        assertThat(line(Map.of("batch", "12"))).endsWith("INFO  io.sparring.Trainer batch=12 - trained");
    }

    @Test
    void leavesNoTraceOfWhatIsNotKnown() {
        assertThat(line(Map.of())).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  io\\.sparring\\.Trainer - trained");
    }

    private String line(Map<String, String> known) {
        Logger logger = context.getLogger("io.sparring.Trainer");
        LoggingEvent event = new LoggingEvent("", logger, Level.INFO, "trained", null, null);
        event.setMDCPropertyMap(known);
        ConsoleAppender<ILoggingEvent> appender = (ConsoleAppender<ILoggingEvent>) context
                .getLogger(Logger.ROOT_LOGGER_NAME).getAppender("STDERR");
        return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8).stripTrailing();
    }
}
