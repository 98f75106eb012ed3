package io.sparring.producer;

import java.io.IOException;

/** Where a data set comes from, by its name in the run specification. */
@FunctionalInterface
public interface DataSetLoader {

    /**
     * Loads a data set, which may take minutes.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws IOException if it cannot be had
     */
    DataSet load(String name) throws IOException, InterruptedException;
}
