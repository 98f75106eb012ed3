package io.sparring.simulation;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Run specifications of all kinds, of a few dozen batches of one pixel. */
final class RandomRun {

    /** Reading one takes longer than simulating it. */
    private static final int KINDS = 60;
    private static final Map<Integer, RunSpecification> READ = new ConcurrentHashMap<>();

    private RandomRun() {
    }

    static RunSpecification of(long seed) {
        return READ.computeIfAbsent((int) Math.floorMod(seed, (long) KINDS), RandomRun::read);
    }

    private static RunSpecification read(int kind) {
        Random random = new Random(kind);
        int interval = 1 + random.nextInt(5);
        // some so long that a look at a log's end does not show enough, and attackers far ahead of what the trainer stages
        boolean lengthy = kind % 12 == 0;
        int window = interval - 1 + (lengthy ? 100 : random.nextInt(7));
        Map<String, String> keys = new HashMap<>(Map.of("run", "s", "seed", Integer.toString(kind),
                "partitions", Integer.toString(1 + random.nextInt(4)),
                "data.batchSize", Integer.toString(1 + random.nextInt(2)),
                "data.batches", Integer.toString(lengthy ? 150 : 20 + random.nextInt(21)),
                "data.lead", Integer.toString(2 * window + 2 - interval + random.nextInt(20)),
                "publishing.interval", Integer.toString(interval),
                "publishing.checkpointEvery", Integer.toString(lengthy ? 80 / interval : 1 + random.nextInt(4)),
                "staleness.atMost", Integer.toString(window),
                "staleness.policy", List.of("train", "refresh", "drop").get(random.nextInt(3))));
        keys.putAll(Map.of("staleness.exactly", Integer.toString(kind % 5 < 2 ? window - interval + 1 : -1),
                "order", kind % 5 == 2 ? "arrival" : "number",
                "staleness.craftAfterSeconds", Integer.toString(1 + random.nextInt(3)),
                "evaluation.every", Integer.toString(interval),
                // what is trimmed is trimmed early
                "log", kind % 4 == 3 ? "keep" : "trim",
                "publishing.checkpointsKept", Integer.toString(1 + random.nextInt(3)),
                "optimizer.notFinite", kind % 3 == 1 ? "refuse" : "stop",
                "data.heldOutImages", "1", "data.heldOutBatchSize", "1"));
        if (kind % 5 == 4 || kind % 10 == 1) {
            keys.put("data.source", "incoming");
        }
        return RunFile.read(null, Map.of(), keys);
    }
}
