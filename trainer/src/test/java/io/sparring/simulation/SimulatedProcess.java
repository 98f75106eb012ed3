package io.sparring.simulation;

import io.sparring.schemas.RunTopic;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** A process with a service in it, a clock that may jump, and clients of the broker, at whose calls it may be killed. */
public final class SimulatedProcess {

    private final String name;
    private final SimulatedBroker broker;
    private final Fate fate;
    private final Function<SimulatedProcess, Steps> program;
    private final List<Runnable> clients = new ArrayList<>();
    private Steps service;
    private boolean busy;
    private boolean over;
    private long silentSince = -1;
    private long clockAhead;

    /** @param program what the process runs, made in its first step */
    SimulatedProcess(String name, SimulatedBroker broker, Fate fate, Function<SimulatedProcess, Steps> program) {
        this.name = name;
        this.broker = broker;
        this.fate = fate;
        this.program = program;
    }

    public String name() {
        return name;
    }

    /** The wall clock of the process's machine. */
    public Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(broker.now() + clockAhead);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
    }

    void jumpClock(long millis) {
        clockAhead += millis;
    }

    /** A consumer that assigns its partitions itself. */
    @SuppressWarnings("unchecked")
    public <K, V> Consumer<K, V> reader(Deserializer<K> keys, Deserializer<V> values) {
        return Fakes.of(Consumer.class, new SimulatedConsumer<>(this, broker, fate, null, keys, values));
    }

    /** A member of a consumer group. */
    @SuppressWarnings("unchecked")
    public <K, V> Consumer<K, V> member(String group, RunTopic topic, Deserializer<K> keys, Deserializer<V> values) {
        SimulatedConsumer<K, V> consumer =
                new SimulatedConsumer<>(this, broker, fate, broker.group(group, topic), keys, values);
        clients.add(consumer::close);
        return Fakes.of(Consumer.class, consumer);
    }

    /** A producer of transactions. */
    @SuppressWarnings("unchecked")
    public <K> Producer<K, byte[]> transactional(String id, Serializer<K> keys) {
        return Fakes.of(Producer.class, new SimulatedProducer<>(this, broker, fate, id, keys));
    }

    /** What {@code Admin.deleteRecords} does, of each partition below an offset. */
    public void delete(Map<TopicPartition, Long> below) {
        call("deletes", below, () -> {
            below.forEach((partition, offset) -> broker.partition(partition).trim(offset));
            return null;
        });
    }

    /** Begins the service, or does one round of it. */
    void step() {
        busy = true;
        try {
            if (service == null) {
                service = program.apply(this);
            } else {
                service.step();
            }
        } finally {
            busy = false;
        }
    }

    /** Whether it is within a step: stopped there, or waiting for the broker's answer. */
    boolean busy() {
        return busy;
    }

    boolean over() {
        return over;
    }

    /** It is gone; the broker does not hear of it. */
    void kill() {
        over = true;
        silent(true);
    }

    /** It has failed and ended in good order: its clients say goodbye, but for what it had open. */
    void end() {
        over = true;
        clients.forEach(Runnable::run);
    }

    /** Whether it still lets the groups know that it lives. */
    void silent(boolean silent) {
        silentSince = silent ? broker.now() : -1;
    }

    long silentFor(long now) {
        return silentSince < 0 ? 0 : now - silentSince;
    }

    <T> T call(String call, Object what, Supplier<T> effect) {
        fate.at(this, call, what);
        T result = effect.get();
        fate.at(this, "done", "");
        return result;
    }
}
