package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerProcessIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @Test
    void comesBackAfterAKillWithItsDataOnTheSamePort() throws Exception {
        String before;
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0)) {
            before = broker.bootstrapServers();
            new TestClients(before).createTopic("kept", Map.of());
            try (KafkaProducer<String, byte[]> producer = new TestClients(before).producer(Map.of())) {
                producer.send(new ProducerRecord<>("kept", "key", new byte[1])).get();
            }
            broker.kill();
            assertThat(broker.exitCode()).isCompletedWithValue(128 + 9);
        }

        long start = System.nanoTime();
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0);
                KafkaConsumer<String, byte[]> reader = new TestClients(before).reader("kept")) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT);
            assertThat(broker.bootstrapServers()).isEqualTo(before);
            await().atMost(LIMIT).pollInSameThread().until(() -> !reader.poll(Duration.ofMillis(100)).isEmpty());
        }
    }

    /** Kafka alone leaves about half of these open for ever, if they time out while the controller takes the broker for alive. */
    @Test
    void endsEveryTransactionThatAKillLeftOpen() throws Exception {
        int transactions = 12;
        try (MortalBroker broker = MortalBroker.start(folder)) {
            TestClients clients = new TestClients(broker.bootstrapServers());
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < transactions; i++) {
                String topic = "open-" + i;
                clients.createTopic(topic, Map.of());
                partitions.add(new TopicPartition(topic, 0));
            }
            List<KafkaProducer<String, byte[]>> open = new ArrayList<>();
            for (TopicPartition partition : partitions) {
                KafkaProducer<String, byte[]> producer = clients.producer(
                        Map.of("transactional.id", partition.topic(), "transaction.timeout.ms", 1_000));
                open.add(producer);
                producer.initTransactions();
            }
            for (int i = 0; i < transactions; i++) {
                open.get(i).beginTransaction();
                open.get(i).send(new ProducerRecord<>("open-" + i, "key", new byte[1])).get();
            }
            broker.kill();
            open.forEach(producer -> producer.close(Duration.ZERO));

            broker.startAgain();

            Map<TopicPartition, OffsetSpec> ends = partitions.stream()
                    .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
            try (Admin admin = clients.admin()) {
                // the record and the marker behind it
                await().atMost(LIMIT).untilAsserted(() -> assertThat(admin.listOffsets(ends,
                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all().get().values())
                        .extracting(ListOffsetsResultInfo::offset).containsOnly(2L));
            }
        }
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(LocalPorts.HOST))) {
            assertThatThrownBy(() -> LocalBrokerProcess.start(folder, taken.getLocalPort()).close())
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " on 127.0.0.1 is taken")
                    .hasMessageContaining("exit code 1")
                    .hasMessageContaining(folder.resolve("broker.log").toString());
        }
    }

    @Test
    void refusesAFolderThatAnotherBrokerRunsOn() throws Exception {
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0)) {
            assertThatThrownBy(() -> LocalBrokerProcess.start(folder, 0).close())
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessageContaining("another broker runs on the folder " + folder);
            assertThat(broker.isAlive()).isTrue();
        }
    }

    @Test
    void stopsInOrderSoThatItNeedNotBeForced() throws Exception {
        LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0);

        broker.close();

        assertThat(broker.exitCode()).isCompletedWithValue(128 + 15);
    }

    @Test
    void leavesACtrlCAtTheTerminalToItsParent() throws Exception {
        try (LocalBrokerProcess broker = LocalBrokerProcess.start(folder, 0)) {
            signal("INT", broker.pid());
            signal("HUP", broker.pid());

            await().during(Duration.ofSeconds(1)).atMost(LIMIT).until(broker::isAlive);
            new TestClients(broker.bootstrapServers()).createTopic("after", Map.of());
        }
    }

    @Test
    void endsWhenItsParentIsKilled() throws Exception {
        ChildCommand command = ChildCommand.sparring("owner", folder.resolve("owner.log"), folder.toString());
        try (ChildProcess owner = ChildProcess.start(command.withMainClass(BrokerOwner.class))) {
            long pid = Long.parseLong(owner.awaitReady(LIMIT));
            assertThat(isRunning(pid)).isTrue();

            owner.kill();

            await().atMost(LIMIT).until(() -> !isRunning(pid));
        }
    }

    /** Whether there is such a process and it is more than an entry that nobody has waited for. */
    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).flatMap(handle -> handle.info().command()).isPresent();
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
        assertThat(kill.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}
