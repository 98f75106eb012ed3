package io.sparring.benchmarks;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/** Records of a batch's size through a broker, with the clients' settings that the services have. */
final class BrokerTurn {

    private static final int PARTITIONS = 4;
    private static final Map<String, String> TOPIC = Map.of("max.message.bytes", Integer.toString(KafkaSettings.LARGEST_RECORD));
    private static final Duration WAIT = Duration.ofMillis(50);

    private final KafkaSettings kafka;
    private final long broker;
    private int topics;
    private volatile long sent;

    /** @param broker its process id */
    BrokerTurn(KafkaSettings kafka, long broker) {
        this.kafka = kafka;
        this.broker = broker;
    }

    /**
     * How a stream of records went.
     *
     * @param megabytesPerSecond from the first record's send to the last one's arrival
     * @param latencyMillis      from send to arrival, by quantile
     * @param brokerSeconds      processor time of the broker for each MB
     * @param clientSeconds      likewise of this process, which sends and receives
     */
    record Stream(double megabytesPerSecond, Map<String, Double> latencyMillis, double brokerSeconds, double clientSeconds) {
    }

    /**
     * What an update of some size costs.
     *
     * @param publishSeconds to cut, encode, send and commit it
     * @param readSeconds    from the commit's return until another client has all of it joined
     */
    record Published(double publishSeconds, double readSeconds) {
    }

    /**
     * Sends records and reads them.
     *
     * @param bytes              of a record
     * @param megabytesPerSecond at most; 0 for as many as go
     */
    Stream stream(int bytes, double megabytesPerSecond, Duration time) throws ExecutionException, InterruptedException {
        String topic = topic(PARTITIONS);
        byte[] value = new byte[bytes];
        new Random(0).nextBytes(value);
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        try (KafkaProducer<Long, byte[]> producer = kafka.producer(new LongSerializer());
                KafkaConsumer<Long, byte[]> consumer = kafka.reader(new LongDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            double brokerBefore = Services.processorSeconds(broker);
            double clientBefore = ProcessorTime.seconds();
            long start = System.nanoTime();
            Thread sender = new Thread(() -> send(producer, topic, value, megabytesPerSecond, start + time.toNanos()), "sender");
            sender.start();
            List<Double> latencies = new ArrayList<>();
            long last = start;
            while (sender.isAlive() || latencies.size() < sent) {
                for (ConsumerRecord<Long, byte[]> record : consumer.poll(WAIT)) {
                    last = System.nanoTime();
                    latencies.add((last - record.key()) / 1e6);
                }
            }
            double megabytes = latencies.size() * (double) bytes / 1e6;
            return new Stream(megabytes / ((last - start) / 1e9), PipelineTurn.quantiles(latencies),
                    (Services.processorSeconds(broker) - brokerBefore) / megabytes,
                    (ProcessorTime.seconds() - clientBefore) / megabytes);
        }
    }

    /** A record's key is the time at which it was to be sent, so that waiting for room counts as latency. */
    private void send(KafkaProducer<Long, byte[]> producer, String topic, byte[] value, double megabytesPerSecond, long end) {
        long between = megabytesPerSecond == 0 ? 0 : (long) (value.length / 1e6 / megabytesPerSecond * 1e9);
        long due = System.nanoTime();
        sent = 0;
        for (long number = 0; System.nanoTime() < end; number++) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            long key = between == 0 ? System.nanoTime() : due;
            producer.send(new ProducerRecord<>(topic, (int) (number % PARTITIONS), key, value));
            sent++;
            due += between;
        }
        producer.flush();
    }

    /** An update of so many weights, as the trainer publishes it and an attacker reads it. */
    Published publish(int weights, int rounds) throws ExecutionException, InterruptedException {
        String topic = topic(1);
        WireFormat<ModelUpdate> format = WireFormat.of(ModelUpdate.class);
        byte[] whole = new byte[Float.BYTES * weights];
        new Random(0).nextBytes(whole);
        List<Double> publishing = new ArrayList<>();
        List<Double> reading = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<Long, byte[]> producer = kafka.transactional("bench-" + topic, new LongSerializer());
                KafkaConsumer<Long, byte[]> consumer = kafka.reader(new LongDeserializer(), new ByteArrayDeserializer())) {
            producer.initTransactions();
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            for (int round = 0; round <= rounds; round++) {
                long start = System.nanoTime();
                Chunks chunks = Chunks.of(whole);
                producer.beginTransaction();
                List<Future<?>> sending = new ArrayList<>();
                UpdateIdentity identity = new UpdateIdentity(0, round);
                for (int piece = 0; piece < chunks.pieces().size(); piece++) {
                    byte[] value = format.encode(update(identity, chunks, piece));
                    sending.add(producer.send(new ProducerRecord<>(topic, 0, (long) round, value)));
                }
                producer.commitTransaction();
                long committed = System.nanoTime();
                read(consumer, format, chunks);
                if (round > 0) {
                    publishing.add((committed - start) / 1e9);
                    reading.add((System.nanoTime() - committed) / 1e9);
                }
                for (Future<?> future : sending) {
                    future.get();
                }
            }
        }
        return new Published(Medians.median(publishing), Medians.median(reading));
    }

    private static ModelUpdate update(UpdateIdentity identity, Chunks chunks, int piece) {
        return new ModelUpdate(identity.incarnation(), identity.step(), identity.step(), identity.step(), WeightsPart.WEIGHTS, false,
                "program", chunks.sha256(), piece, chunks.pieces().size(), chunks.pieces().get(piece), Instant.EPOCH);
    }

    private static void read(KafkaConsumer<Long, byte[]> consumer, WireFormat<ModelUpdate> format, Chunks chunks) {
        ChunkAssembler assembler = new ChunkAssembler();
        boolean whole = false;
        while (!whole) {
            for (ConsumerRecord<Long, byte[]> record : consumer.poll(WAIT)) {
                ModelUpdate update = format.decode(ByteBuffer.wrap(record.value()));
                whole |= assembler.add(Long.toString(update.getStep()), update.getChunk(), update.getChunks(), chunks.sha256(),
                        update.getBytes()).isPresent();
            }
        }
    }

    private String topic(int partitions) throws ExecutionException, InterruptedException {
        String name = "bench-" + topics++;
        try (Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(new HashMap<>(TOPIC)))).all().get();
        }
        return name;
    }
}
