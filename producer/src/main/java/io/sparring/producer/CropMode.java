package io.sparring.producer;

import java.util.Locale;

/** What an image is padded with before it is cropped. */
public enum CropMode {
    /** Black. */
    ZERO,
    /** The image, mirrored at its outermost pixels, which are not repeated: as numpy's and PyTorch's {@code reflect}. */
    REFLECT;

    /** The mode of a run's {@code data.cropMode}, which has been checked. */
    static CropMode named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
