package io.sparring.cli;

import io.sparring.pipeline.BatchCheck;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import java.util.List;
import java.util.TreeMap;

/** The first held-out batches of a run, which are the same for whoever reads them. */
final class FirstHeldOut {

    private FirstHeldOut() {
    }

    /**
     * Reads as many whole batches as have so many images, or all there are; what is no batch of the run is passed over.
     *
     * @return by number; of one split
     */
    static List<ImageBatch> read(CommittedRecords records, RunSpecification run, int images) {
        TreeMap<Long, ImageBatch> batches = new TreeMap<>();
        records.each(RunTopic.HELD_OUT_BATCHES, new BatchNumberDeserializer(), ImageBatch.class, record -> {
            if (BatchCheck.problem(record).isEmpty() && record.key() < run.heldOutBatches()) {
                batches.putIfAbsent(record.key(), record.value().value());
                // partitions come in any order, and not all that is there may be held
                while (images(batches) - batches.lastEntry().getValue().getLabels().size() >= images) {
                    batches.pollLastEntry();
                }
            }
        });
        return batches.values().stream().filter(batch -> batch.getSplit() == batches.firstEntry().getValue().getSplit()).toList();
    }

    private static int images(TreeMap<Long, ImageBatch> batches) {
        return batches.values().stream().mapToInt(batch -> batch.getLabels().size()).sum();
    }
}
