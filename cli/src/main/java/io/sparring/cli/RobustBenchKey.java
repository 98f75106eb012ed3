package io.sparring.cli;

import io.sparring.pipeline.Setting;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What RobustBench's {@code model_info} has of a model that no evaluation can know. */
enum RobustBenchKey {
    LINK, NAME, AUTHORS, ADDITIONAL_DATA, VENUE, ARCHITECTURE, REPORTED, FOOTNOTE;

    /** @throws IllegalArgumentException for another key */
    static RobustBenchKey named(String key) {
        return Arrays.stream(values()).filter(known -> known.key().equals(key)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("--info: '" + key + "' is not known; allowed: "
                        + Arrays.stream(values()).map(RobustBenchKey::key).collect(Collectors.joining(", "))));
    }

    private String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException unless what is a yes or no there is one here */
    Object value(String text) {
        if (this != ADDITIONAL_DATA) {
            return text;
        }
        Setting.require(text.equals("true") || text.equals("false"), "--info additional_data", text, "true, false");
        return Boolean.valueOf(text);
    }
}
