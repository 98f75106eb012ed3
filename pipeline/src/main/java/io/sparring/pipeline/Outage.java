package io.sparring.pipeline;

import io.sparring.schemas.ServiceState;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How services live through a cluster that is away: what has failed for that alone is begun again from what is committed, for as
 * long as it takes.
 */
public final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    /** Before it is tried again. */
    public static final Duration PAUSE = Duration.ofSeconds(1);

    private Outage() {
    }

    /** Part of a service that can be begun again: it opens what it writes with, and goes on from what is committed. */
    @FunctionalInterface
    public interface Work {

        void run() throws Exception;
    }

    /**
     * Does the work until it returns, again and again if the cluster is away, or until the service is to stop.
     *
     * @throws Exception what does not pass by waiting
     */
    public static void waitOut(ServiceContext context, Work work) throws Exception {
        do {
            try {
                work.run();
                return;
            } catch (Exception e) {
                if (!passes(e)) {
                    throw e;
                }
                say(e);
                context.status().state(ServiceState.WAITING);
            }
        } while (!context.awaitStop(PAUSE));
    }

    /** Logs, in a line, what is to be waited out. */
    public static void say(Exception failure) {
        LOG.warn("going on from what is committed, after: {}", KafkaRefusedException.causes(failure));
    }

    /** Whether the failure passes by waiting: an outage is at the bottom of it, and no refusal. */
    public static boolean passes(Throwable failure) {
        return KafkaRefusedException.in(failure).isEmpty()
                && (isCausedBy(failure, RetriableException.class, TransactionAbortableException.class,
                        // the broker forgets a transactional id that has been idle for a week
                        InvalidPidMappingException.class) || isNameless(failure));
    }

    /** Whether no client could be made for the name of a broker that is away; one that was wrong from the first is refused at the start. */
    private static boolean isNameless(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException && String.valueOf(cause.getMessage()).startsWith("No resolvable bootstrap urls")) {
                return true;
            }
        }
        return false;
    }

    /** Whether the broker has ended the producer's time: another has taken its id, or its transaction took too long. */
    public static boolean fenced(Throwable failure) {
        return isCausedBy(failure, ProducerFencedException.class, InvalidProducerEpochException.class,
                InvalidTxnStateException.class);
    }

    @SafeVarargs
    private static boolean isCausedBy(Throwable failure, Class<? extends Throwable>... kinds) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Class<? extends Throwable> kind : kinds) {
                if (kind.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }
}
