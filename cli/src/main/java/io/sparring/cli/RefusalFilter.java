package io.sparring.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.sparring.pipeline.KafkaRefusedException;
import java.util.regex.Pattern;

/**
 * Leaves out what Kafka's clients log when the cluster refuses them, each in its own words and again with each attempt:
 * the command that is refused says it once. What a broker logs of its connections to others stays.
 */
public final class RefusalFilter extends Filter<ILoggingEvent> {

    private static final Pattern SAID = Pattern.compile(
            "(?i)clientId=.*(failed authentication due to|authorization.failed|not authorized)", Pattern.DOTALL);

    /** Lines without the refusal that are about it: a task's failure is thrown as well, and a refused producer closes so. */
    private static final Pattern FOLLOWS = Pattern.compile("Get exceptions for the following tasks"
            + "|Error in kafka producer I/O thread while aborting transaction when during closing");

    @Override
    public FilterReply decide(ILoggingEvent event) {
        return event.getLoggerName().startsWith("org.apache.kafka.") && isRefusal(event) ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    private static boolean isRefusal(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        return SAID.matcher(message).find() || FOLLOWS.matcher(message).find()
                || event.getThrowableProxy() instanceof ThrowableProxy thrown
                && KafkaRefusedException.in(thrown.getThrowable()).isPresent();
    }
}
