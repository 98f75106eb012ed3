package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Sparring needs of a broker, whichever it is. */
abstract class BrokerContract {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String topic = "contract-" + UUID.randomUUID();
    private TestClients clients;

    abstract String bootstrapServers();

    @BeforeEach
    void connect() {
        clients = new TestClients(bootstrapServers());
    }

    @Test
    void topicsHaveTheSettingsTheyWereCreatedWith() throws Exception {
        clients.createTopic(topic, Map.of("retention.ms", "-1", "cleanup.policy", "compact"));

        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = clients.admin()) {
            Config settings = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(settings.get("retention.ms").value()).isEqualTo("-1");
            assertThat(settings.get("cleanup.policy").value()).isEqualTo("compact");
        }
    }

    @Test
    void carriesARecordOfTheSizeOfABatchOfImages() throws Exception {
        clients.createTopic(topic, Map.of());
        byte[] value = new byte[1_500_000];
        new Random(1).nextBytes(value);

        try (KafkaProducer<String, byte[]> producer = clients.producer(Map.of());
                KafkaConsumer<String, byte[]> reader = clients.reader(topic)) {
            producer.send(new ProducerRecord<>(topic, "batch", value)).get();

            assertThat(read(reader, 1)).singleElement().extracting(ConsumerRecord::value).isEqualTo(value);
        }
    }

    @Test
    void showsATransactionAsAWholeAndAnAbortedOneNever() throws Exception {
        String other = topic + "-other";
        clients.createTopic(topic, Map.of());
        clients.createTopic(other, Map.of());

        try (KafkaProducer<String, byte[]> producer = clients.producer(Map.of("transactional.id", topic));
                KafkaConsumer<String, byte[]> reader = clients.reader(topic, other)) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("aborted"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record("committed"));
            producer.send(new ProducerRecord<>(other, "committed too", new byte[1]));
            producer.flush();
            assertThat(reader.poll(POLL)).isEmpty();
            producer.commitTransaction();

            assertThat(read(reader, 2)).extracting(ConsumerRecord::key)
                    .containsExactlyInAnyOrder("committed", "committed too");
        }
    }

    @Test
    void abortsTheTransactionOfAKilledProducerSoThatReadersMoveOn() throws Exception {
        clients.createTopic(topic, Map.of());
        KafkaProducer<String, byte[]> killed = clients.producer(
                Map.of("transactional.id", topic, "transaction.timeout.ms", 1000));
        try (KafkaProducer<String, byte[]> producer = clients.producer(Map.of());
                KafkaConsumer<String, byte[]> reader = clients.reader(topic)) {
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(record("never committed")).get();
            // a forced close tells the broker nothing, as a kill does
            killed.close(Duration.ZERO);
            producer.send(record("after it")).get();

            assertThat(read(reader, 1)).extracting(ConsumerRecord::key).containsExactly("after it");
        } finally {
            killed.close(Duration.ZERO);
        }
    }

    @Test
    void givesTheWorkOfALostMemberToTheNextWhenItsSessionOfSixSecondsHasEnded() throws Exception {
        clients.createTopic(topic, Map.of());
        Map<String, ?> settings = Map.of("group.id", topic, "group.protocol", "classic", "session.timeout.ms", 6000,
                "heartbeat.interval.ms", 500);
        TopicPartition partition = new TopicPartition(topic, 0);

        try (KafkaConsumer<String, byte[]> next = clients.consumer(settings)) {
            try (KafkaConsumer<String, byte[]> first = clients.consumer(settings)) {
                first.subscribe(List.of(topic));
                awaitAssignment(first, partition);
                first.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
            }
            next.subscribe(List.of(topic));
            awaitAssignment(next, partition);
        }
    }

    private ProducerRecord<String, byte[]> record(String key) {
        return new ProducerRecord<>(topic, key, new byte[1]);
    }

    private static List<ConsumerRecord<String, byte[]>> read(KafkaConsumer<String, byte[]> reader, int count) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).pollInSameThread().until(() -> {
            reader.poll(POLL).forEach(records::add);
            return records.size() >= count;
        });
        return records;
    }

    private static void awaitAssignment(KafkaConsumer<String, byte[]> consumer, TopicPartition partition) {
        await().atMost(Duration.ofSeconds(15)).pollInSameThread().until(() -> {
            consumer.poll(POLL);
            return consumer.assignment().contains(partition);
        });
    }
}
