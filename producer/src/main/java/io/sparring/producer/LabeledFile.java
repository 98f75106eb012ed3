package io.sparring.producer;

import java.nio.file.Path;

/** A file of one image, and the number of the image's class. */
record LabeledFile(Path file, int label) {
}
