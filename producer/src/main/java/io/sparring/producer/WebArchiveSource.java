package io.sparring.producer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Files in a gzipped tar archive on a web server, which {@code tar} unpacks.
 *
 * @param archive the address of the archive
 * @param directory where in the archive the files are
 * @param md5 the official MD5 sum of the archive; empty where each of its files has one
 */
record WebArchiveSource(URI archive, String directory, Optional<String> md5) implements DataSource {

    WebArchiveSource(URI archive, String directory) {
        this(archive, directory, Optional.empty());
    }

    @Override
    public String description() {
        return archive.toString();
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        Path file = workspace.resolve("archive.tar.gz");
        new Download(archive).to(file);
        if (md5.isPresent()) {
            String found = RawFile.md5Of(Files.readAllBytes(file));
            if (!found.equals(md5.get())) {
                throw new IOException("what came has the MD5 sum %s; expected: %s".formatted(found, md5.get()));
            }
        }
        new ExternalCommand(workspace, Duration.ofMinutes(5)).run("tar", "-xzf", "archive.tar.gz");
        return workspace.resolve(directory);
    }
}
