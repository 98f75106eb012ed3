package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the images and labels of one split from the files in which a data set is published, as they are or as gzip. */
public interface ImageReader {

    /**
     * @param files the files of the split, in the order the format documents
     * @throws IOException if a file cannot be read or is not in the format; it names the file and what was expected
     */
    LabeledImages read(List<Path> files) throws IOException;
}
