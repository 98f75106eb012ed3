package io.sparring.evaluator;

import io.sparring.learning.WilsonInterval;
import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Received;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
 * it is reported, and there is an accuracy only once all have been.
 */
final class RobustnessTopology {

    private static final WireFormat<Evaluation> FACTS = WireFormat.of(Evaluation.class);

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
                .process(() -> new BadEvaluations(letters))
                .to(RunTopic.DEAD_LETTERS.of(run), Produced.with(Serdes.String(), Serdes.ByteArray()));
        facts.filter((key, fact) -> EvaluationCheck.problem(key, fact).isEmpty())
                .mapValues(Received::value)
                .groupByKey(Grouped.with(Serdes.String(), WireFormat.of(Evaluation.class).serde()))
                // the state is a few hundred bytes an update, so it is kept in memory and restored from its changelog
                .aggregate(() -> null, (key, fact, before) -> count(before, fact),
                        Materialized.<String, Robustness>as(Stores.inMemoryKeyValueStore("robustness"))
                                .withKeySerde(Serdes.String()).withValueSerde(report).withCachingDisabled())
                .toStream()
                .to(RunTopic.ROBUSTNESS.of(run), Produced.with(Serdes.String(), report));
        return builder.build();
    }

    /** The report with one more fact in it; unchanged if the fact's batch has been counted. */
    static Robustness count(Robustness before, Evaluation fact) {
        List<Long> reported = before == null ? List.of() : before.getReported();
        if (Collections.binarySearch(reported, fact.getBatchNumber()) >= 0) {
            return before;
        }
        List<Long> now = new ArrayList<>(reported);
        now.add(fact.getBatchNumber());
        Collections.sort(now);
        long images = (before == null ? 0 : before.getImages()) + fact.getImages();
        long correct = (before == null ? 0 : before.getCorrect()) + fact.getCorrect();
        Instant updatedAt = before == null || fact.getCreatedAt().isAfter(before.getUpdatedAt())
                ? fact.getCreatedAt() : before.getUpdatedAt();
        Robustness.Builder report = Robustness.newBuilder().setIncarnation(fact.getIncarnation()).setStep(fact.getStep())
                .setAttack(fact.getAttack()).setSlice(fact.getSlice()).setReported(now).setBatches(fact.getBatches())
                .setImages(images).setCorrect(correct).setEpsilon(fact.getEpsilon()).setUpdatedAt(updatedAt)
                .setNorm(fact.getNorm());
        if (now.size() < fact.getBatches()) {
            return report.setStatus(ReportStatus.INCOMPLETE).build();
        }
        WilsonInterval interval = WilsonInterval.of(correct, images);
        return report.setStatus(ReportStatus.COMPLETE).setAccuracy((double) correct / images)
                .setLower(interval.lower()).setUpper(interval.upper()).build();
    }
}
