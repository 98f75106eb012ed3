package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Files in a Debian package, which is downloaded and unpacked, not installed.
 *
 * @param packageName the name of the package
 * @param directory where in the package the files are
 * @param aptGet the program that downloads
 */
record DebianPackageSource(String packageName, String directory, String aptGet) implements DataSource {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    DebianPackageSource(String packageName, String directory) {
        this(packageName, directory, "apt-get");
    }

    @Override
    public String description() {
        return "the Debian package " + packageName;
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        ExternalCommand command = new ExternalCommand(workspace, TIMEOUT);
        try {
            command.run(aptGet, "download", packageName);
        } catch (IOException unknown) {
            // in a new container the index of packages is empty until it is updated
            try {
                command.run(aptGet, "update");
                command.run(aptGet, "download", packageName);
            } catch (IOException e) {
                e.addSuppressed(unknown);
                throw e;
            }
        }
        command.run("dpkg-deb", "-x", PackageFile.in(workspace, ".deb"), "unpacked");
        return workspace.resolve("unpacked").resolve(directory);
    }
}
