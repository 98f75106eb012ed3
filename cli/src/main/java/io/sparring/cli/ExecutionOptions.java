package io.sparring.cli;

import io.sparring.learning.Device;
import io.sparring.learning.ExecutionSettings;
import picocli.CommandLine.Option;

/** How a service that learns or attacks computes. */
final class ExecutionOptions {

    @Option(names = "--threads", paramLabel = "N", defaultValue = "${env:SPARRING_THREADS:-0}",
            description = "Threads that TensorFlow computes with (default: one for each core).")
    private int threads;

    @Option(names = "--device", paramLabel = "cpu|gpu:N", defaultValue = "${env:SPARRING_DEVICE:-cpu}",
            description = "What TensorFlow computes on (default: ${DEFAULT-VALUE}). A GPU needs a build with the profile gpu.")
    private String device;

    /** Whether the number of threads was named. */
    boolean threadsGiven() {
        return threads != 0;
    }

    /** @throws IllegalArgumentException if a value is not allowed or the device is not there */
    ExecutionSettings settings() {
        ExecutionSettings settings = (threads == 0 ? ExecutionSettings.standard() : new ExecutionSettings(threads, 1))
                .on(Device.parse(device));
        settings.requireDevice();
        return settings;
    }
}
