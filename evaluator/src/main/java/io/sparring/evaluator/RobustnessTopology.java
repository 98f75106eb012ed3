package io.sparring.evaluator;

import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Received;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.Stores;

/**
 * Makes the topic {@code robustness} of the facts on {@code evaluations}: each batch of a slice is counted once however often
 * it is reported, and there is an accuracy only once all have been. The mean and NRR of an update follow from its reports.
 */
final class RobustnessTopology {

    private static final WireFormat<Evaluation> FACTS = WireFormat.of(Evaluation.class);

    private static final String REPORTS = "robustness";

    private RobustnessTopology() {
    }

    static Topology of(String run, DeadLetters letters) {
        Serde<Robustness> report = WireFormat.of(Robustness.class).serde();
        // a deserializer that never throws: what cannot be read is told apart here, and set aside in the same transaction
        Serde<Received<Evaluation>> received = Serdes.serdeFrom((topic, fact) -> FACTS.bytes(fact), FACTS.receiver());
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, Received<Evaluation>> facts =
                builder.stream(RunTopic.EVALUATIONS.of(run), Consumed.with(Serdes.String(), received));
        facts.filter((key, fact) -> EvaluationCheck.problem(key, fact).isPresent())
                .process(() -> new BadRecords<>(FACTS, EvaluationCheck::problem, letters))
                .to(RunTopic.DEAD_LETTERS.of(run), Produced.with(Serdes.String(), Serdes.ByteArray()));
        facts.filter((key, fact) -> EvaluationCheck.problem(key, fact).isEmpty())
                .mapValues(Received::value)
                .groupByKey(Grouped.with(Serdes.String(), WireFormat.of(Evaluation.class).serde()))
                // the state is a few hundred bytes an update, so it is kept in memory and restored from its changelog
                .aggregate(() -> null, (key, fact, before) -> SliceReport.count(before, fact),
                        Materialized.<String, Robustness>as(Stores.inMemoryKeyValueStore(REPORTS))
                                .withKeySerde(Serdes.String()).withValueSerde(report).withCachingDisabled())
                .toStream()
                .process(() -> new SummaryProcessor(REPORTS), REPORTS)
                .to(RunTopic.ROBUSTNESS.of(run), Produced.with(Serdes.String(), report));
        return builder.build();
    }
}
