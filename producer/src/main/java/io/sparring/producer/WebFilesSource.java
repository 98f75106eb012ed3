package io.sparring.producer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that lie side by side on a web server.
 *
 * @param base the address of their directory, with a slash at its end
 * @param names the names of the files there
 */
record WebFilesSource(URI base, List<String> names) implements DataSource {

    @Override
    public String description() {
        return base.toString();
    }

    @Override
    public Path fetch(Path workspace) throws IOException, InterruptedException {
        for (String name : names) {
            new Download(base.resolve(name)).to(workspace.resolve(name));
        }
        return workspace;
    }
}
