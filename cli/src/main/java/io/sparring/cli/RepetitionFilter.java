package io.sparring.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leaves out what Kafka's clients go on repeating while a broker is away, each of them several times a second: of lines that
 * differ in no more than client and address, one a minute. Errors all stay.
 */
public final class RepetitionFilter extends Filter<ILoggingEvent> {

    private static final long QUIET_MILLIS = 60_000;
    /** Who speaks, in square brackets, and names and numbers, which say where. */
    private static final String PARTICULARS = "^\\[[^]]*]|\\S*\\d\\S*";

    private final Map<String, Long> said = new ConcurrentHashMap<>();

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (event.getLevel() != Level.WARN || !event.getLoggerName().startsWith("org.apache.kafka.clients.")) {
            return FilterReply.NEUTRAL;
        }
        String kind = event.getLoggerName() + event.getMessage().replaceAll(PARTICULARS, "");
        boolean[] first = new boolean[1];
        said.compute(kind, (key, at) -> {
            first[0] = at == null || event.getTimeStamp() - at >= QUIET_MILLIS;
            return first[0] ? Long.valueOf(event.getTimeStamp()) : at;
        });
        return first[0] ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
