package io.sparring.cli;

import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Platform;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.AppInfoParser;

/** The versions of what was measured. */
public final class Versions {

    private Versions() {
    }

    /** Of Sparring, Kafka's clients and TensorFlow. */
    public static Map<String, String> here() throws IOException {
        Map<String, String> versions = new TreeMap<>();
        versions.put("sparring", ReleaseVersion.read());
        versions.put("kafka", AppInfoParser.getVersion());
        versions.put("tensorFlow", Platform.of(ExecutionSettings.standard()).tensorFlow());
        return versions;
    }
}
