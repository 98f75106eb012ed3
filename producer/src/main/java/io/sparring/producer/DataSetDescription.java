package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is known of a data set before its files are there. */
interface DataSetDescription {

    /** Its name in the run specification. */
    String name();

    /** The name of each class, in the order of the labels; none where only reading tells. */
    default List<String> classNames() {
        return List.of();
    }

    /** What a directory that is given as the data set's must hold, for messages. */
    String contents();

    /** The files to keep once they have been fetched; none if the data set can only be given. */
    List<RawFile> files();

    /** The ways to fetch the files, in the order in which to try them; none if the data set can only be given. */
    List<DataSource> sources();

    /** Whether its images can be read in another size than they have. */
    boolean resizable();

    /** @throws IOException if what must be in the directory is not, cannot be read or is not as it is published */
    void verify(Path directory) throws IOException;

    /**
     * Reads both splits from a directory that has been verified.
     *
     * @param imageSize the side of the square that each image is resized to, in pixels; 0 for images as they are
     * @throws IOException if a file cannot be read or does not fit; it names the file and what was expected
     */
    DataSet read(Path directory, int imageSize) throws IOException;
}
