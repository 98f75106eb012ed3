package io.sparring.producer;

import static io.sparring.producer.ImageOperation.AUTO_CONTRAST;
import static io.sparring.producer.ImageOperation.BRIGHTNESS;
import static io.sparring.producer.ImageOperation.COLOR;
import static io.sparring.producer.ImageOperation.CONTRAST;
import static io.sparring.producer.ImageOperation.EQUALIZE;
import static io.sparring.producer.ImageOperation.INVERT;
import static io.sparring.producer.ImageOperation.POSTERIZE;
import static io.sparring.producer.ImageOperation.ROTATE;
import static io.sparring.producer.ImageOperation.SHARPNESS;
import static io.sparring.producer.ImageOperation.SHEAR_Y;
import static io.sparring.producer.ImageOperation.SOLARIZE;
import static io.sparring.producer.ImageOperation.TRANSLATE_X;
import static io.sparring.producer.ImageOperation.TRANSLATE_Y;

import java.util.List;

/**
 * The policy that AutoAugment found on CIFAR-10 (Cubuk and others, arXiv 1805.09501, table 7): one of 25 pairs of operations,
 * each of which is applied with a probability of its own.
 */
final class AutoAugmentPolicy {

    /** @param tenths probability of the operation, 0 to 10 */
    record Step(ImageOperation operation, int tenths, int level) {}

    record Pair(Step first, Step second) {}

    static final List<Pair> PAIRS = List.of(
            pair(INVERT, 1, 7, CONTRAST, 2, 6),
            pair(ROTATE, 7, 2, TRANSLATE_X, 3, 9),
            pair(SHARPNESS, 8, 1, SHARPNESS, 9, 3),
            pair(SHEAR_Y, 5, 8, TRANSLATE_Y, 7, 9),
            pair(AUTO_CONTRAST, 5, 8, EQUALIZE, 9, 2),
            pair(SHEAR_Y, 2, 7, POSTERIZE, 3, 7),
            pair(COLOR, 4, 3, BRIGHTNESS, 6, 7),
            pair(SHARPNESS, 3, 9, BRIGHTNESS, 7, 9),
            pair(EQUALIZE, 6, 5, EQUALIZE, 5, 1),
            pair(CONTRAST, 6, 7, SHARPNESS, 6, 5),
            pair(COLOR, 7, 7, TRANSLATE_X, 5, 8),
            pair(EQUALIZE, 3, 7, AUTO_CONTRAST, 4, 8),
            pair(TRANSLATE_Y, 4, 3, SHARPNESS, 2, 6),
            pair(BRIGHTNESS, 9, 6, COLOR, 2, 8),
            pair(SOLARIZE, 5, 2, INVERT, 0, 3),
            pair(EQUALIZE, 2, 0, AUTO_CONTRAST, 6, 0),
            pair(EQUALIZE, 2, 8, EQUALIZE, 6, 4),
            pair(COLOR, 9, 9, EQUALIZE, 6, 6),
            pair(AUTO_CONTRAST, 8, 4, SOLARIZE, 2, 8),
            pair(BRIGHTNESS, 1, 3, COLOR, 7, 0),
            pair(SOLARIZE, 4, 5, AUTO_CONTRAST, 9, 3),
            pair(TRANSLATE_Y, 9, 9, TRANSLATE_Y, 7, 9),
            pair(AUTO_CONTRAST, 9, 2, SOLARIZE, 8, 3),
            pair(EQUALIZE, 8, 8, INVERT, 1, 3),
            pair(TRANSLATE_Y, 7, 9, AUTO_CONTRAST, 9, 1));

    private AutoAugmentPolicy() {}

    /** What is done to one image. */
    record Choice(Draw first, Draw second) {

        RgbImage apply(RgbImage image) {
            return second.apply(first.apply(image));
        }
    }

    /** @param negative the direction, for an operation that has two */
    record Draw(Step step, boolean applied, boolean negative) {

        RgbImage apply(RgbImage image) {
            return applied ? step.operation().apply(image, step.level(), negative) : image;
        }
    }

    /** Takes five draws, whatever they come to. */
    static Choice drawn(SeededDraws draws) {
        Pair pair = PAIRS.get(draws.below(PAIRS.size()));
        return new Choice(drawn(pair.first(), draws), drawn(pair.second(), draws));
    }

    private static Draw drawn(Step step, SeededDraws draws) {
        boolean applied = draws.below(10) < step.tenths();
        return new Draw(step, applied, draws.below(2) == 1);
    }

    private static Pair pair(ImageOperation first, int tenths, int level, ImageOperation second, int otherTenths,
            int otherLevel) {
        return new Pair(new Step(first, tenths, level), new Step(second, otherTenths, otherLevel));
    }
}
