package io.sparring.evaluator;

import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.Attack;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Makes the topics {@code prequential} and {@code alarms} of what attackers tell of the stream on {@code attacks}: each batch as the
 * weights of the moment classified it before any had been trained on it (test, then train; Gama et al., Machine Learning 90, 2013).
 */
final class PrequentialTopology {

    private static final WireFormat<Attack> FACTS = WireFormat.of(Attack.class);

    private PrequentialTopology() {
    }

    static Topology of(RunSpecification run, DeadLetters letters) {
        StreamFactCheck check = new StreamFactCheck(run);
        Serde<Received<Attack>> received = Serdes.serdeFrom((topic, fact) -> FACTS.bytes(fact), FACTS.receiver());
        Serde<Long> number = Serdes.serdeFrom(new LongSerializer(), new BatchNumberDeserializer());
        Serde<PrequentialWindow> window = WireFormat.of(PrequentialWindow.class).serde();
        Serde<Alarm> alarm = WireFormat.of(Alarm.class).serde();
        StreamsBuilder builder = new StreamsBuilder();
        // the state is that of a window's batches, so it is kept in memory and restored from its changelog
        builder.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(StreamWindows.FACTS), Serdes.Long(),
                FACTS.serde()));
        builder.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(StreamWindows.REPORTED), Serdes.String(),
                window));
        builder.addStateStore(Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(StreamAlarms.STANDING), Serdes.String(),
                alarm));
        KStream<Long, Received<Attack>> facts = builder.stream(RunTopic.ATTACKS.of(run.run()), Consumed.with(number, received));
        facts.filter((key, fact) -> check.problem(key, fact).isPresent())
                .process(() -> new BadRecords<>(FACTS, check::problem, letters))
                .to(RunTopic.DEAD_LETTERS.of(run.run()), Produced.with(Serdes.Long(), Serdes.ByteArray()));
        KStream<Long, PrequentialWindow> windows = facts.filter((key, fact) -> check.problem(key, fact).isEmpty())
                .mapValues(Received::value)
                .process(() -> new StreamWindows(run), StreamWindows.FACTS, StreamWindows.REPORTED);
        windows.to(RunTopic.PREQUENTIAL.of(run.run()), Produced.with(Serdes.Long(), window));
        windows.process(StreamAlarms::new, StreamAlarms.STANDING)
                .to(RunTopic.ALARMS.of(run.run()), Produced.with(Serdes.String(), alarm));
        return builder.build();
    }
}
