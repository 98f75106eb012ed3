package io.sparring.pipeline;

import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes updates of the records of the topic {@code model-updates}, shown to it in order. Used by one thread. */
final class UpdateAssembler implements Function<ConsumerRecord<String, Received<ModelUpdate>>, Optional<Update>> {

    private final WeightsPart part;
    private final Predicate<ModelUpdate> wanted;
    private final ChunkAssembler chunks = new ChunkAssembler();

    /**
     * @param part which of the update's weights to assemble
     * @param wanted which updates to assemble, judged by any of their chunks
     */
    UpdateAssembler(WeightsPart part, Predicate<ModelUpdate> wanted) {
        this.part = part;
        this.wanted = wanted;
    }

    @Override
    public Optional<Update> apply(ConsumerRecord<String, Received<ModelUpdate>> record) {
        ModelUpdate chunk = record.value() == null ? null : record.value().value();
        if (chunk == null || chunk.getPart() != part || !wanted.test(chunk)) {
            return Optional.empty();
        }
        return chunks.add(record.key() + "/" + chunk.getNextBatch() + "/" + chunk.getSha256(), chunk.getChunk(),
                        chunk.getChunks(), chunk.getSha256(), chunk.getBytes())
                .map(weights -> new Update(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()), chunk.getNextBatch(),
                        chunk.getEvaluate(), chunk.getProgramSha256(), chunk.getSha256(), weights));
    }
}
