package io.sparring.attacker;

import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Received;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;

class GroupDeliveryTest extends CleanBatchesContract {

    private final CleanBatchLog consumer = new CleanBatchLog(1, 1);
    private final GroupedBatches batches = new GroupedBatches(consumer, CleanBatchLog.TOPIC);
    private final AttackTransactions answers = new AttackTransactions(producer, batches, Runnable::run);

    @BeforeEach
    void own() {
        consumer.own(0);
    }

    @Override
    CleanBatches batches() {
        return batches;
    }

    @Override
    Answers answers() {
        return answers;
    }

    @Override
    void append(Long key, Received<ImageBatch> value) {
        consumer.append(0, key, value);
    }

    @Override
    void failPublishing(KafkaException failure) {
        producer.sendException = failure;
    }
}
