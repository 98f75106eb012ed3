package io.sparring.pipeline;

import io.sparring.schemas.EncodedValues;
import io.sparring.schemas.SchemaRegistry;
import io.sparring.schemas.WriterSchemaHeader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * How to reach the cluster, and the clients made from it. The settings may hold secrets, so they come from a file or the
 * environment, never from the run specification, and {@link #toString} does not show them.
 *
 * <p>What a promise rests on (isolation, acknowledgements, offsets) is set here and cannot be overridden.
 */
public final class KafkaSettings {

    /** {@code SPARRING_KAFKA_SASL_MECHANISM} is the client setting {@code sasl.mechanism}. */
    public static final String ENVIRONMENT_PREFIX = "SPARRING_KAFKA_";

    /** A batch of 128 CIFAR images is 393 KB; room for larger ones, as the topics are made for. */
    public static final int LARGEST_RECORD = 8 * 1024 * 1024;

    /** Chosen by what `sparring bench wire` measures. */
    private static final String COMPRESSION = "zstd";
    private static final int COMPRESSION_LEVEL = 1;

    /** Instead of half a second. */
    private static final int FOLLOWER_WAIT_MILLIS = 2_000;
    private static final Duration FOLLOWER_LEAVES = Duration.ofMillis(200);

    /** Instead of 100: a member's heartbeat thread looks up that often, whether a heartbeat is due or not. */
    private static final int MEMBER_BACKOFF_MILLIS = 300;

    /** What the group decides, and a member refuses to be given. */
    private static final List<String> NOT_SHARING = List.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

    private final Map<String, Object> settings;

    private KafkaSettings(Map<String, Object> settings) {
        this.settings = Map.copyOf(settings);
    }

    /** Settings for a cluster without security. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(Map.of("bootstrap.servers", bootstrapServers));
    }

    /**
     * Settings from a properties file, the environment over it, the bootstrap servers over both.
     *
     * @param bootstrapServers may be null if one of the others names them
     * @param file may be null
     */
    public static KafkaSettings read(String bootstrapServers, Path file, Map<String, String> environment) {
        Map<String, Object> settings = new HashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalArgumentException("Kafka settings " + file + ": cannot be read: " + e, e);
            }
            properties.forEach((key, value) -> settings.put((String) key, value));
        }
        environment.forEach((variable, value) -> {
            if (variable.startsWith(ENVIRONMENT_PREFIX)) {
                settings.put(variable.substring(ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        if (bootstrapServers != null) {
            settings.put("bootstrap.servers", bootstrapServers);
        }
        if (!settings.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("no Kafka cluster named: give --bootstrap-servers HOST:PORT, "
                    + "bootstrap.servers in --kafka-config FILE, or " + ENVIRONMENT_PREFIX + "BOOTSTRAP_SERVERS");
        }
        return new KafkaSettings(settings);
    }

    /**
     * Connects once, so that what is wrong with the way in is one error before anything has begun.
     *
     * @throws KafkaRefusedException if the cluster does not let this client in, or cannot be trusted
     * @throws IllegalStateException if it does not answer
     * @throws IllegalArgumentException if a setting is of no use
     */
    public void requireAccess() {
        SchemaRegistry.of(settings);
        try (Admin admin = admin()) {
            admin.describeCluster().clusterId().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw KafkaRefusedException.in(e).orElseThrow(() -> new IllegalStateException(this + " does not answer ("
                    + e.getCause().getMessage() + "); see bootstrap.servers and security.protocol", e));
        } catch (KafkaException e) {
            throw new IllegalArgumentException("Kafka settings: " + KafkaRefusedException.causes(e), e);
        }
    }

    /** A client for topics and offsets. */
    public Admin admin() {
        return Admin.create(settings);
    }

    /** The settings, for Kafka Streams; its producers need {@link #interceptors} and {@link #values} too. */
    public Map<String, Object> forStreams() {
        return settings;
    }

    /** What every producer's records go through: who runs it may have named some, ours comes last. */
    public String interceptors() {
        Object named = settings.get(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG);
        return (named == null ? "" : named + ",") + WriterSchemaHeader.class.getName();
    }

    /** A consumer that assigns its partitions itself and keeps its position itself. */
    public <K, V> KafkaConsumer<K, V> reader(Deserializer<K> keys, Deserializer<V> values) {
        return new KafkaConsumer<>(consuming(Map.of()), keys, configured(values));
    }

    /**
     * The same, for a topic that seldom has something new. The broker keeps its question for two seconds, unless the settings name
     * another {@code fetch.max.wait.ms}, before it answers that there is nothing, and answers at once when there is. What it asks
     * for beside, offsets for instance, waits behind that question; closing it does not.
     */
    public <K, V> KafkaConsumer<K, V> follower(Deserializer<K> keys, Deserializer<V> values) {
        Map<String, Object> all = consuming(Map.of());
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FOLLOWER_WAIT_MILLIS);
        return new KafkaConsumer<>(all, keys, configured(values)) {
            @Override
            public void close() {
                close(CloseOptions.timeout(FOLLOWER_LEAVES));
            }
        };
    }

    /**
     * A member of a classic consumer group (the newer protocol's shortest session is 45 s). Its offsets are committed in
     * transactions or not at all.
     *
     * @param sessionTimeoutMillis after this long without a heartbeat its partitions go to others
     * @param longestWork so do they after this long without a poll, unless the settings say otherwise: longer than whatever it does between
     *                    two of them, or it loses what it has done, again and again
     */
    public <K, V> KafkaConsumer<K, V> member(String group, int sessionTimeoutMillis, Duration longestWork, Deserializer<K> keys,
            Deserializer<V> values) {
        Map<String, Object> all = consuming(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic",
                // who joins takes from nobody what is not to be shared out anew: a standby must not depose the leader
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, List.of(CooperativeStickyAssignor.class),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionTimeoutMillis,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionTimeoutMillis / 4));
        all.putIfAbsent(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, MEMBER_BACKOFF_MILLIS);
        all.putIfAbsent(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) longestWork.toMillis());
        return new KafkaConsumer<>(all, keys, configured(values));
    }

    /**
     * A member of a share group, which hands out records one by one, each under a lock until it is acknowledged. Isolation and
     * where to begin are the group's settings, not a member's.
     */
    public <K, V> KafkaShareConsumer<K, V> sharing(String group, Deserializer<K> keys, Deserializer<V> values) {
        Map<String, Object> all = new HashMap<>(settings);
        NOT_SHARING.forEach(all::remove);
        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // whole batches of the log, and more in advance, would leave others with nothing to do
        all.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaShareConsumer<>(all, keys, configured(values));
    }

    /**
     * The same, for producers of batches: those compress, unless the settings name another {@code compression.type}. Pixels and
     * perturbations are spread unevenly over few values, which the codec's entropy coding makes use of; weights are not.
     */
    public KafkaSettings compressing() {
        if (settings.containsKey(ProducerConfig.COMPRESSION_TYPE_CONFIG)) {
            return this;
        }
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, COMPRESSION);
        all.putIfAbsent(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, COMPRESSION_LEVEL);
        return new KafkaSettings(all);
    }

    /** A producer whose records come in transactions; a later one with the same id fences it. */
    public <K> KafkaProducer<K, byte[]> transactional(String transactionalId, Serializer<K> keys) {
        return transactionalWithin(TransactionTime.LIMIT, transactionalId, keys);
    }

    /** The same for transactions of gigabytes, which have {@link TransactionTime#LARGE_LIMIT}. */
    public <K> KafkaProducer<K, byte[]> largelyTransactional(String transactionalId, Serializer<K> keys) {
        return transactionalWithin(TransactionTime.LARGE_LIMIT, transactionalId, keys);
    }

    private <K> KafkaProducer<K, byte[]> transactionalWithin(Duration limit, String transactionalId, Serializer<K> keys) {
        return new KafkaProducer<>(producing(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) limit.toMillis(),
                // more than one gave OutOfOrderSequence errors at transactions' borders
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1)), keys, values());
    }

    /**
     * The same for one whose caller is waited for by somebody: whatever takes longer than {@code patience} is a failure.
     *
     * @param patience more than a second
     */
    public <K> KafkaProducer<K, byte[]> transactional(String transactionalId, Serializer<K> keys, Duration patience) {
        int millis = (int) patience.toMillis();
        return new KafkaProducer<>(producing(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TransactionTime.LIMIT.toMillis(),
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, millis,
                ProducerConfig.LINGER_MS_CONFIG, 0,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis)), keys, values());
    }

    /** A producer for facts that are counted once by their key. */
    public <K> KafkaProducer<K, byte[]> producer(Serializer<K> keys) {
        return new KafkaProducer<>(producing(Map.of()), keys, values());
    }

    /** A producer that hardly holds its caller up, and then goes on trying for two minutes. */
    <K> KafkaProducer<K, byte[]> background(Serializer<K> keys) {
        return new KafkaProducer<>(producing(Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000)), keys, values());
    }

    /** A producer of facts that newer ones soon replace: it gives up rather than hold its caller up. */
    public <K> KafkaProducer<K, byte[]> hasty(Serializer<K> keys) {
        return new KafkaProducer<>(producing(Map.of(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000,
                ProducerConfig.LINGER_MS_CONFIG, 0,
                // one that comes twice is as good as one, but none may overtake another
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 5_000)), keys, values());
    }

    /** Of what producers send: encoded records, with the registry's marks where the settings name one. */
    public Serializer<byte[]> values() {
        return new EncodedValues(SchemaRegistry.of(settings));
    }

    /** A consumer does not tell its settings to a deserializer that it is given. */
    private <V> Deserializer<V> configured(Deserializer<V> values) {
        values.configure(settings, false);
        return values;
    }

    private Map<String, Object> consuming(Map<String, Object> particular) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // a lost position is an error, not a reason to begin somewhere else
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 16);
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGEST_RECORD);
        all.putAll(particular);
        return all;
    }

    private Map<String, Object> producing(Map<String, Object> particular) {
        Map<String, Object> all = new HashMap<>(settings);
        all.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
        all.put(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, interceptors());
        all.putAll(particular);
        return all;
    }

    @Override
    public String toString() {
        return "Kafka at " + settings.get("bootstrap.servers");
    }
}
