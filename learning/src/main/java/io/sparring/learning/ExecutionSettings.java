package io.sparring.learning;

/**
 * How many threads TensorFlow uses. Within one JVM all sessions share the intra-op threads that the first one asked for.
 *
 * @param intraOpThreads work on one operation, 1 to 1024
 * @param interOpThreads operations that run at the same time, 1 to 1024; with more than one, a step may be slower
 */
public record ExecutionSettings(int intraOpThreads, int interOpThreads) {

    /** @throws IllegalArgumentException naming the key that is out of range */
    public ExecutionSettings {
        Setting.require(intraOpThreads >= 1 && intraOpThreads <= 1024,
                "execution.intraOpThreads", intraOpThreads, "1 to 1024");
        Setting.require(interOpThreads >= 1 && interOpThreads <= 1024,
                "execution.interOpThreads", interOpThreads, "1 to 1024");
    }

    /** As many intra-op threads as there are processors, one inter-op thread. */
    public static ExecutionSettings standard() {
        return new ExecutionSettings(Runtime.getRuntime().availableProcessors(), 1);
    }
}
