package io.sparring.trainer;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.SafeTensors;
import io.sparring.learning.Tensors;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that a trainer needs to go on, as a checkpoint holds it.
 *
 * @param weights the network's, moving statistics included
 * @param optimizer the optimizer's slots
 * @param averaged the averaged weights, moving statistics included; none where the program does not average
 */
record SavedState(UpdateIdentity identity, Position position, String programSha256, Tensors weights, Tensors optimizer,
        Tensors averaged) {

    static final WireFormat<Checkpoint> FORMAT = WireFormat.of(Checkpoint.class);
    /** What {@code bytes} hold and mean; rises when an older release would misread them. */
    static final int LAYOUT = 1;
    private static final Logger LOG = LoggerFactory.getLogger(SavedState.class);
    private static final String RELEASE =
            Optional.ofNullable(SavedState.class.getPackage().getImplementationVersion()).orElse("");
    private static final Tensors NONE = Tensors.builder().build();
    private static final String OPTIMIZER = "optimizer/";
    private static final String AVERAGED = "averaged/";

    /** What is at hand before the first step: the optimizer has nothing yet, and the average is the weights. */
    static SavedState initial(Position position, String programSha256, Tensors weights) {
        return new SavedState(new UpdateIdentity(0, 0), position, programSha256, weights, NONE, NONE);
    }

    /** What the program holds now. */
    static SavedState of(UpdateIdentity identity, Position position, String programSha256, ModelProgram program) {
        return new SavedState(identity, position, programSha256, program.weights(), program.optimizer(),
                program.averages() ? program.averaged() : NONE);
    }

    /** Makes the program hold it. */
    void assignTo(ModelProgram program) {
        if (optimizer.names().isEmpty()) {
            program.assign(weights);
        } else if (averaged.names().isEmpty()) {
            program.assign(weights, optimizer);
        } else {
            program.assign(weights, optimizer, averaged);
        }
    }

    /** The checkpoint's records, in order; they belong into one transaction. */
    List<ProducerRecord<String, byte[]>> records(String run, Instant now) {
        Tensors.Builder all = Tensors.builder();
        put(all, "", weights);
        put(all, OPTIMIZER, optimizer);
        put(all, AVERAGED, averaged);
        Chunks chunks = Chunks.of(SafeTensors.encode(all.build(), Map.of()));
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 0; i < chunks.pieces().size(); i++) {
            records.add(new ProducerRecord<>(RunTopic.CHECKPOINTS.of(run), 0, identity.key(), FORMAT.encode(new Checkpoint(
                    identity.incarnation(), identity.step(), position, programSha256, chunks.sha256(), i,
                    chunks.pieces().size(), chunks.pieces().get(i), now, LAYOUT, RELEASE))));
        }
        return records;
    }

    /** Why the record is no chunk of a checkpoint, or nothing. */
    static Optional<String> problem(ConsumerRecord<String, Received<Checkpoint>> record) {
        if (record.value() == null || !record.value().isReadable()) {
            return Optional.of(record.value() == null ? "the record is empty; allowed: a Checkpoint" : record.value().failure());
        }
        Checkpoint chunk = record.value().value();
        if (chunk.getIncarnation() < 0 || chunk.getStep() < 0
                || !new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()).key().equals(record.key())) {
            return Optional.of("checkpoint " + chunk.getIncarnation() + "/" + chunk.getStep()
                    + "; allowed: no negative number, and the record's key, which is " + record.key());
        }
        return ChunkAssembler.problem(chunk.getChunk(), chunk.getChunks(), chunk.getBytes());
    }

    /**
     * Makes saved states of a checkpoint topic's records, shown in order; torn or damaged ones are passed over. One of a
     * layout that this release does not know is an {@link IllegalStateException} that names it.
     */
    static Function<ConsumerRecord<String, Received<Checkpoint>>, Optional<SavedState>> assembler() {
        ChunkAssembler chunks = new ChunkAssembler();
        return record -> {
            Checkpoint chunk = record.value() == null ? null : record.value().value();
            return chunk == null ? Optional.empty()
                    : chunks.add(record.key() + "/" + chunk.getPosition().getNextBatch() + "/" + chunk.getSha256(),
                            chunk.getChunk(), chunk.getChunks(), chunk.getSha256(), chunk.getBytes())
                    .flatMap(whole -> of(chunk, whole));
        };
    }

    private static Optional<SavedState> of(Checkpoint chunk, byte[] whole) {
        UpdateIdentity identity = new UpdateIdentity(chunk.getIncarnation(), chunk.getStep());
        if (chunk.getFormat() > LAYOUT) {
            throw new IllegalStateException("checkpoint " + identity + " was written by release " + chunk.getRelease()
                    + " of Sparring in format " + chunk.getFormat() + "; this release reads formats up to " + LAYOUT);
        }
        try {
            return Optional.of(of(chunk, SafeTensors.decode(whole)));
        } catch (IllegalArgumentException e) {
            LOG.warn("checkpoint {} is passed over: {}", identity, e.getMessage());
            return Optional.empty();
        }
    }

    private static SavedState of(Checkpoint chunk, Tensors all) {
        Tensors.Builder weights = Tensors.builder();
        Tensors.Builder optimizer = Tensors.builder();
        Tensors.Builder averaged = Tensors.builder();
        for (String name : all.names()) {
            if (name.startsWith(OPTIMIZER)) {
                optimizer.put(name.substring(OPTIMIZER.length()), all.shape(name), all.values(name));
            } else if (name.startsWith(AVERAGED)) {
                averaged.put(name.substring(AVERAGED.length()), all.shape(name), all.values(name));
            } else {
                weights.put(name, all.shape(name), all.values(name));
            }
        }
        return new SavedState(new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()), chunk.getPosition(),
                chunk.getProgramSha256(), weights.build(), optimizer.build(), averaged.build());
    }

    private static void put(Tensors.Builder all, String prefix, Tensors tensors) {
        tensors.names().forEach(name -> all.put(prefix + name, tensors.shape(name), tensors.values(name)));
    }
}
