package io.sparring.trainer;

import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The SHA-256 of the averaged weights in each update of a run that is still in its log. Training steps hold that of the others. */
final class RecordedAverages {

    private static final Duration POLL = Duration.ofMillis(100);

    private RecordedAverages() {
    }

    /**
     * Reads the updates that are there now; none of a run that keeps no averages.
     *
     * @param consumer assigned by this; the caller's to close
     */
    static Map<UpdateIdentity, String> read(RunSpecification run, Consumer<String, Received<ModelUpdate>> consumer) {
        Map<UpdateIdentity, String> digests = new HashMap<>();
        if (RunProgram.exported(run) != WeightsPart.AVERAGED_WEIGHTS) {
            return digests;
        }
        List<TopicPartition> partition = List.of(new TopicPartition(RunTopic.MODEL_UPDATES.of(run.run()), 0));
        consumer.assign(partition);
        consumer.seekToBeginning(partition);
        long end = consumer.endOffsets(partition).get(partition.get(0));
        while (consumer.position(partition.get(0)) < end) {
            for (ConsumerRecord<String, Received<ModelUpdate>> chunk : consumer.poll(POLL)) {
                if (chunk.value() != null && chunk.value().isReadable()
                        && chunk.value().value().getPart() == WeightsPart.AVERAGED_WEIGHTS) {
                    ModelUpdate update = chunk.value().value();
                    digests.put(new UpdateIdentity(update.getIncarnation(), update.getStep()), update.getSha256());
                }
            }
        }
        return digests;
    }
}
