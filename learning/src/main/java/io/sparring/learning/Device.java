package io.sparring.learning;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/**
 * What TensorFlow computes on.
 *
 * @param gpu number of the GPU as CUDA counts them, 0 to 255; -1 for the processor
 */
public record Device(int gpu) {

    /** The processor. */
    public static final Device CPU = new Device(-1);

    private static final Pattern GPU = Pattern.compile("gpu:(\\d{1,3})");
    private static final String ALLOWED = "cpu, or gpu:0 to gpu:255";

    /** @throws IllegalArgumentException for a number that no GPU has */
    public Device {
        Setting.require(gpu >= -1 && gpu <= 255, "device", "gpu:" + gpu, ALLOWED);
    }

    /**
     * Reads {@code cpu} or {@code gpu:N}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Device parse(String text) {
        if (text.equals("cpu")) {
            return CPU;
        }
        Matcher number = GPU.matcher(text);
        Setting.require(number.matches(), "device", text, ALLOWED);
        return new Device(Integer.parseInt(number.group(1)));
    }

    /** Whether it is a GPU rather than the processor. */
    public boolean isGpu() {
        return gpu >= 0;
    }

    /** Makes a session see this device and no other GPU. */
    void configure(ConfigProto.Builder session) {
        if (isGpu()) {
            // several processes share a GPU: each is to take what it needs, not all that there is
            session.setGpuOptions(GPUOptions.newBuilder().setVisibleDeviceList(Integer.toString(gpu)).setAllowGrowth(true));
        } else {
            session.putDeviceCount("GPU", 0);
        }
    }

    @Override
    public String toString() {
        return isGpu() ? "gpu:" + gpu : "cpu";
    }
}
