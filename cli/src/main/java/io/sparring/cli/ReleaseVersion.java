package io.sparring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Sparring's version, as the build has written it down. */
public final class ReleaseVersion {

    private ReleaseVersion() {
    }

    /** Such as 0.1.0-SNAPSHOT. */
    public static String read() throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = ReleaseVersion.class.getResourceAsStream("/version.properties")) {
            properties.load(stream);
        }
        return properties.getProperty("version");
    }
}
