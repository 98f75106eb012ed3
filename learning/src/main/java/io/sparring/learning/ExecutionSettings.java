package io.sparring.learning;

import org.tensorflow.proto.ConfigProto;

/**
 * What TensorFlow computes on, and how many threads it uses. Within one JVM all sessions share the intra-op threads that the
 * first one asked for.
 *
 * @param intraOpThreads work on one operation, 1 to 1024
 * @param interOpThreads operations that run at the same time, 1 to 1024; with more than one, a step may be slower
 * @param device the processor or a GPU
 * @param precision of what takes most of the time
 */
public record ExecutionSettings(int intraOpThreads, int interOpThreads, Device device, Precision precision) {

    /** @throws IllegalArgumentException naming the key that is out of range */
    public ExecutionSettings {
        Setting.require(intraOpThreads >= 1 && intraOpThreads <= 1024,
                "execution.intraOpThreads", intraOpThreads, "1 to 1024");
        Setting.require(interOpThreads >= 1 && interOpThreads <= 1024,
                "execution.interOpThreads", interOpThreads, "1 to 1024");
    }

    /** On the processor, in float32. */
    public ExecutionSettings(int intraOpThreads, int interOpThreads) {
        this(intraOpThreads, interOpThreads, Device.CPU, Precision.FLOAT32);
    }

    /** As many intra-op threads as there are processors, one inter-op thread, on the processor in float32. */
    public static ExecutionSettings standard() {
        return new ExecutionSettings(Runtime.getRuntime().availableProcessors(), 1);
    }

    /** The same with another number of intra-op threads. */
    public ExecutionSettings with(int threads) {
        return new ExecutionSettings(threads, interOpThreads, device, precision);
    }

    /** The same on another device. */
    public ExecutionSettings on(Device other) {
        return new ExecutionSettings(intraOpThreads, interOpThreads, other, precision);
    }

    /** The same in another precision. */
    public ExecutionSettings in(Precision other) {
        return new ExecutionSettings(intraOpThreads, interOpThreads, device, other);
    }

    /**
     * Refuses a GPU that TensorFlow does not find, which it would not do by itself.
     *
     * @throws IllegalArgumentException naming the device and what to do
     */
    public void requireDevice() {
        if (device.isGpu()) {
            TensorFlow.start();
            TensorFlow.requireGpu(device, configuration());
        }
    }

    /** What a session is opened with. */
    ConfigProto configuration() {
        ConfigProto.Builder session = ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(intraOpThreads)
                .setInterOpParallelismThreads(interOpThreads)
                // Without it all sessions of the process would share the first one's inter-op threads.
                .setUsePerSessionThreads(true);
        device.configure(session);
        precision.configure(session);
        return session.build();
    }
}
