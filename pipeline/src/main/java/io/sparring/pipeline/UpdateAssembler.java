package io.sparring.pipeline;

import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import io.sparring.schemas.WireFormat;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Makes updates of the records of the topic {@code model-updates}, shown to it in order. What is no chunk of an update is set
 * aside. Used by one thread.
 */
final class UpdateAssembler implements Function<ConsumerRecord<String, Received<ModelUpdate>>, Optional<Update>> {

    private static final WireFormat<ModelUpdate> FORMAT = WireFormat.of(ModelUpdate.class);

    private final WeightsPart part;
    private final Predicate<ModelUpdate> wanted;
    private final SetAside aside;
    private final ChunkAssembler chunks = new ChunkAssembler();

    /**
     * @param part which of the update's weights to assemble
     * @param wanted which updates to assemble, judged by any of their chunks
     */
    UpdateAssembler(WeightsPart part, Predicate<ModelUpdate> wanted, SetAside aside) {
        this.part = part;
        this.wanted = wanted;
        this.aside = aside;
    }

    @Override
    public Optional<Update> apply(ConsumerRecord<String, Received<ModelUpdate>> record) {
        Optional<String> problem = problem(record);
        problem.ifPresent(reason -> aside.add(record, FORMAT.bytes(record.value()), reason));
        if (problem.isPresent()) {
            return Optional.empty();
        }
        ModelUpdate chunk = record.value().value();
        if (chunk.getPart() != part || !wanted.test(chunk)) {
            return Optional.empty();
        }
        return chunks.add(record.key() + "/" + chunk.getNextBatch() + "/" + chunk.getSha256(), chunk.getChunk(),
                        chunk.getChunks(), chunk.getSha256(), chunk.getBytes())
                .map(weights -> new Update(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()), chunk.getNextBatch(),
                        Math.max(chunk.getNextBatch(), chunk.getOutcomes()), chunk.getEvaluate(), chunk.getProgramSha256(),
                        chunk.getSha256(), weights,
                        TraceContext.of(record.headers())));
    }

    private static Optional<String> problem(ConsumerRecord<String, Received<ModelUpdate>> record) {
        if (record.value() == null || !record.value().isReadable()) {
            return Optional.of(record.value() == null ? "the record is empty; allowed: a ModelUpdate" : record.value().failure());
        }
        ModelUpdate chunk = record.value().value();
        if (chunk.getIncarnation() < 0 || chunk.getStep() < 0 || chunk.getNextBatch() < 0
                || !new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()).key().equals(record.key())) {
            return Optional.of("update " + chunk.getIncarnation() + "/" + chunk.getStep() + " before batch "
                    + chunk.getNextBatch() + "; allowed: no negative number, and the record's key, which is " + record.key());
        }
        return ChunkAssembler.problem(chunk.getChunk(), chunk.getChunks(), chunk.getBytes());
    }
}
