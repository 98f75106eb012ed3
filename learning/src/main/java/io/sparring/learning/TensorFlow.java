package io.sparring.learning;

import java.io.File;
import java.util.List;
import java.util.TreeSet;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.proto.ConfigProto;

/**
 * Starts TensorFlow, once per JVM. The natives lie on the class path; JavaCPP unpacks them on first use (630 MB, to
 * {@code ~/.javacpp}), and DJL is told where, since it would download its own otherwise.
 */
public final class TensorFlow {

    static final String ENGINE = "TensorFlow";

    private static boolean started;

    private TensorFlow() {
    }

    /**
     * Makes the natives ready, which is enough to build graphs. Does nothing from the second time on.
     *
     * @throws IllegalStateException when there are no natives for this platform
     */
    public static synchronized void start() {
        if (started) {
            return;
        }
        // Before DJL's first class: it calls home otherwise.
        setUnlessSet("OPT_OUT_TRACKING", "true");
        setUnlessSet("ai.djl.offline", "true");
        // Before JavaCPP's first class: it would hold the process to four times the heap, tensors included.
        setUnlessSet("org.bytedeco.javacpp.maxBytes", "0");
        setUnlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        try {
            String library = Loader.load(org.tensorflow.internal.c_api.global.tensorflow.class);
            setUnlessSet("TENSORFLOW_LIBRARY_PATH", new File(library).getParent());
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException("TensorFlow's natives for " + Loader.getPlatform()
                    + " are not on the class path or cannot be loaded", e);
        }
        started = true;
    }

    /**
     * The same before the first session: DJL's engine, which starts with it, makes the intra-op threads that all sessions
     * of the JVM share, so the first settings hold.
     */
    static synchronized void start(ExecutionSettings settings) {
        settings.requireDevice();
        start();
        setUnlessSet("ai.djl.tensorflow.num_intraop_threads", Integer.toString(settings.intraOpThreads()));
        setUnlessSet("ai.djl.tensorflow.num_interop_threads", Integer.toString(settings.interOpThreads()));
    }

    /** Its version, such as 2.16.1. */
    static String version() {
        start();
        return org.tensorflow.internal.c_api.global.tensorflow.TF_Version().getString();
    }

    /** @throws IllegalArgumentException if a session that is to see the GPU does not */
    static void requireGpu(Device device, ConfigProto configuration) {
        String found;
        try {
            List<String> types = SessionDevices.types(configuration);
            if (types.contains("GPU")) {
                return;
            }
            found = String.join(", ", new TreeSet<>(types));
        } catch (IllegalArgumentException e) {
            found = e.getMessage();
        }
        throw new IllegalArgumentException("device: '" + device + "' is not there (TensorFlow finds: " + found + "); allowed: "
                + "cpu, or a GPU of this machine in a build with the profile gpu (mvn -Dgpu, or SPARRING_BUILD_OPTIONS=-Dgpu "
                + "./sparring)");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
