package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * Files that are already on this machine: in a directory, or in its sub-directory of the data set's name.
 *
 * @param directory where to look
 * @param dataSet the name of the data set
 */
record DirectorySource(Path directory, String dataSet) implements DataSource {

    @Override
    public String description() {
        return "the directory " + directory;
    }

    /** @throws NotDirectoryException if there is no such directory */
    @Override
    public Path fetch(Path workspace) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(directory + ": no such directory");
        }
        Path own = directory.resolve(dataSet);
        return Files.isDirectory(own) ? own : directory;
    }
}
