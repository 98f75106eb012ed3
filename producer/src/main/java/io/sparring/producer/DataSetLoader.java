package io.sparring.producer;

import io.sparring.pipeline.RunSpecification;
import java.io.IOException;

/** Where a data set comes from, by its name in the run specification. */
@FunctionalInterface
public interface DataSetLoader {

    /**
     * Loads a data set, which may take minutes.
     *
     * @param imageSize the side of the square that each image is resized to, in pixels; 0 for images as they are
     * @throws IllegalArgumentException if there is none of that name, or its images cannot be resized
     * @throws IOException if it cannot be had
     */
    DataSet load(String name, int imageSize) throws IOException, InterruptedException;

    /**
     * Loads the data set of a run, its splits as the run says.
     *
     * @throws IllegalArgumentException also if there are not as many images as the run sets aside
     */
    default DataSet load(RunSpecification run) throws IOException, InterruptedException {
        return ValidationSplit.of(load(run.data().name(), run.data().imageSize()), run);
    }

    /** Loads a data set with its images as they are. */
    default DataSet load(String name) throws IOException, InterruptedException {
        return load(name, 0);
    }
}
