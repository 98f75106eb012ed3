package io.sparring.producer;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.util.HashMap;
import java.util.Map;

/** A run of small batches. */
final class TinyRun {

    static final int PARTITIONS = 3;

    private TinyRun() {
    }

    /** The run, with some other values. */
    static RunSpecification with(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("run", "tiny", "seed", "7", "partitions", Integer.toString(PARTITIONS),
                "data.batchSize", "10", "data.cropPadding", "2", "data.flip", "true", "data.heldOutImages", "25",
                "data.heldOutBatchSize", "10", "staleness.atMost", "4"));
        all.putAll(options);
        return RunFile.read(null, Map.of(), all);
    }
}
