package io.sparring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Sparring's version, as the build has written it down, and that of the Java it runs on. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = VersionProvider.class.getResourceAsStream("/version.properties")) {
            properties.load(stream);
        }
        return new String[] {
            "Sparring " + properties.getProperty("version") + " (Java ${java.version}, ${os.name} ${os.arch})"
        };
    }
}
