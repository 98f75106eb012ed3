package io.sparring.pipeline;

import io.sparring.schemas.Chunks;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of the topic {@code model-updates}, as a trainer writes them. */
final class UpdateRecords {

    static final String PROGRAM = "p".repeat(64);

    private UpdateRecords() {
    }

    /** The same weights for the same seed; three chunks. */
    static byte[] weights(long seed) {
        byte[] weights = new byte[2 * Chunks.LARGEST + 100];
        new Random(seed).nextBytes(weights);
        return weights;
    }

    /** The chunks of the update at {@code step}, whose weights are those of the seed {@code step}. */
    static List<ModelUpdate> chunks(UpdateIdentity identity, boolean evaluate) {
        return chunks(identity, evaluate, WeightsPart.WEIGHTS, Chunks.of(weights(identity.step())));
    }

    static List<ModelUpdate> averaged(UpdateIdentity identity) {
        return chunks(identity, true, WeightsPart.AVERAGED_WEIGHTS, Chunks.of(weights(-1 - identity.step())));
    }

    static List<ModelUpdate> chunks(UpdateIdentity identity, boolean evaluate, WeightsPart part, Chunks chunks) {
        List<ByteBuffer> pieces = chunks.pieces();
        return IntStream.range(0, pieces.size()).mapToObj(i -> new ModelUpdate(identity.incarnation(), identity.step(),
                identity.step() + 1, identity.step() + 2, part, evaluate, PROGRAM, chunks.sha256(), i, pieces.size(), pieces.get(i),
                Instant.ofEpochMilli(0))).toList();
    }

    static ConsumerRecord<String, Received<ModelUpdate>> record(ModelUpdate chunk) {
        return new ConsumerRecord<>("run.model-updates", 0, 0, key(chunk), Received.readable(chunk));
    }

    static String key(ModelUpdate chunk) {
        return new UpdateIdentity(chunk.getIncarnation(), chunk.getStep()).key();
    }

    @SafeVarargs
    static List<ModelUpdate> join(List<ModelUpdate>... parts) {
        List<ModelUpdate> all = new ArrayList<>();
        for (List<ModelUpdate> part : parts) {
            all.addAll(part);
        }
        return all;
    }
}
