package io.sparring.producer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Files in a gzipped tar archive on a web server, which {@code tar} unpacks.
 *
 * @param archive the address of the archive
 * @param directory where in the archive the files are
 */
record WebArchiveSource(URI archive, String directory) implements DataSource {

    @Override
    public String description() {
        return archive.toString();
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        new Download(archive).to(workspace.resolve("archive.tar.gz"));
        new ExternalCommand(workspace, Duration.ofMinutes(5)).run("tar", "-xzf", "archive.tar.gz");
        return workspace.resolve(directory);
    }
}
