package io.sparring.pipeline;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.LoggerFactory;

/** Where a reader puts a record that it cannot use, before it goes on with the next. May be used by any thread. */
@FunctionalInterface
public interface SetAside {

    /** Only says so in the log: for those who read what a service of the run reads too, and for tests. */
    SetAside LOGGED = (record, bytes, reason) -> LoggerFactory.getLogger(SetAside.class).warn(
            "passed over {}-{} offset {}: {}", record.topic(), record.partition(), record.offset(), reason);

    /**
     * Sets a record aside; neither fails nor waits.
     *
     * @param bytes the record's value as it came; null where it has none, or still stands in its topic and is only told of
     * @param reason one sentence that names what is wrong and what is allowed
     */
    void add(ConsumerRecord<?, ?> record, byte[] bytes, String reason);
}
