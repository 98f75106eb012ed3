package io.sparring.cli;

import java.io.IOException;
import picocli.CommandLine.IVersionProvider;

/** Sparring's version and that of the Java it runs on. */
final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"Sparring " + ReleaseVersion.read() + " (Java ${java.version}, ${os.name} ${os.arch})"};
    }
}
