package io.sparring.producer;

/**
 * The operations of AutoAugment (Cubuk and others, arXiv 1805.09501, table 6) from which its policy for CIFAR-10 chooses, at
 * levels 0 to {@value #LAST_LEVEL} between no effect and the largest. Magnitudes and results are those of the Pillow calls that
 * the code of Consistency-AT (Tack and others, arXiv 2103.04454, its {@code CIFAR10Policy}) makes, but for last bits that other
 * arithmetic rounds otherwise. Two things are as that code has them and not as the paper says: an image is always turned
 * anticlockwise, and a shift is a share of the side, of which 150/331 is the largest.
 */
enum ImageOperation {
    SHEAR_X((image, strength) -> AffineOperations.shearX(image, 0.3 * strength), true),
    SHEAR_Y((image, strength) -> AffineOperations.shearY(image, 0.3 * strength), true),
    TRANSLATE_X((image, strength) -> AffineOperations.translateX(image, 150.0 / 331 * strength), true),
    TRANSLATE_Y((image, strength) -> AffineOperations.translateY(image, 150.0 / 331 * strength), true),
    ROTATE((image, strength) -> AffineOperations.rotate(image, 30 * strength), false),
    COLOR((image, strength) -> BlendOperations.color(image, 1 + 0.9 * strength), true),
    CONTRAST((image, strength) -> BlendOperations.contrast(image, 1 + 0.9 * strength), true),
    SHARPNESS((image, strength) -> BlendOperations.sharpness(image, 1 + 0.9 * strength), true),
    BRIGHTNESS((image, strength) -> BlendOperations.brightness(image, 1 + 0.9 * strength), true),
    POSTERIZE((image, strength) -> ToneOperations.posterize(image, (int) Math.rint(8 - 4 * strength)), false),
    SOLARIZE((image, strength) -> ToneOperations.solarize(image, 256 - 256 * strength), false),
    AUTO_CONTRAST((image, strength) -> ToneOperations.autoContrast(image), false),
    EQUALIZE((image, strength) -> ToneOperations.equalize(image), false),
    INVERT((image, strength) -> ToneOperations.invert(image), false);

    static final int LAST_LEVEL = 9;

    private interface Effect {
        /** @param strength 0 to 1, or -1 to 1 where there are two directions */
        RgbImage on(RgbImage image, double strength);
    }

    private final Effect effect;
    private final boolean directed;

    ImageOperation(Effect effect, boolean directed) {
        this.effect = effect;
        this.directed = directed;
    }

    /**
     * The image after the operation.
     *
     * @param level 0 to {@value #LAST_LEVEL}; the last three operations have but one
     * @param negative which of two directions, where there are two
     */
    RgbImage apply(RgbImage image, int level, boolean negative) {
        double strength = (double) level / LAST_LEVEL;
        return effect.on(image, directed && negative ? -strength : strength);
    }
}
