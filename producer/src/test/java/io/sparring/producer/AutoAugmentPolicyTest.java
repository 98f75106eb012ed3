package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AutoAugmentPolicyTest {

    /** Table 7 of arXiv 1805.09501, as it is printed there. */
    private static final List<String> TABLE = List.of(
            "(Invert,0.1,7) (Contrast,0.2,6)", "(Rotate,0.7,2) (TranslateX,0.3,9)",
            "(Sharpness,0.8,1) (Sharpness,0.9,3)", "(ShearY,0.5,8) (TranslateY,0.7,9)",
            "(AutoContrast,0.5,8) (Equalize,0.9,2)", "(ShearY,0.2,7) (Posterize,0.3,7)",
            "(Color,0.4,3) (Brightness,0.6,7)", "(Sharpness,0.3,9) (Brightness,0.7,9)",
            "(Equalize,0.6,5) (Equalize,0.5,1)", "(Contrast,0.6,7) (Sharpness,0.6,5)",
            "(Color,0.7,7) (TranslateX,0.5,8)", "(Equalize,0.3,7) (AutoContrast,0.4,8)",
            "(TranslateY,0.4,3) (Sharpness,0.2,6)", "(Brightness,0.9,6) (Color,0.2,8)",
            "(Solarize,0.5,2) (Invert,0.0,3)", "(Equalize,0.2,0) (AutoContrast,0.6,0)",
            "(Equalize,0.2,8) (Equalize,0.6,4)", "(Color,0.9,9) (Equalize,0.6,6)",
            "(AutoContrast,0.8,4) (Solarize,0.2,8)", "(Brightness,0.1,3) (Color,0.7,0)",
            "(Solarize,0.4,5) (AutoContrast,0.9,3)", "(TranslateY,0.9,9) (TranslateY,0.7,9)",
            "(AutoContrast,0.9,2) (Solarize,0.8,3)", "(Equalize,0.8,8) (Invert,0.1,3)",
            "(TranslateY,0.7,9) (AutoContrast,0.9,1)");

    @Test
    void isThePapersTable() {
        assertThat(AutoAugmentPolicy.PAIRS.stream().map(pair -> printed(pair.first()) + " " + printed(pair.second())))
                .containsExactlyElementsOf(TABLE);
    }

    @Test
    void everyPairIsAsLikelyAndItsStepsAreAppliedAsOftenAsTheTableSays() {
        Map<AutoAugmentPolicy.Pair, Integer> pairs = new HashMap<>();
        Map<AutoAugmentPolicy.Pair, Integer> applied = new HashMap<>();
        int negative = 0;
        SeededDraws draws = new SeededDraws(21, SeededDraws.Purpose.POLICY, 0);
        for (int image = 0; image < 100_000; image++) {
            AutoAugmentPolicy.Choice choice = AutoAugmentPolicy.drawn(draws);
            AutoAugmentPolicy.Pair pair = new AutoAugmentPolicy.Pair(choice.first().step(), choice.second().step());
            pairs.merge(pair, 1, Integer::sum);
            applied.merge(pair, choice.first().applied() ? 1 : 0, Integer::sum);
            negative += choice.second().negative() ? 1 : 0;
        }
        assertThat(pairs.keySet()).containsExactlyInAnyOrderElementsOf(AutoAugmentPolicy.PAIRS);
        assertThat(pairs.values()).as("seed 21; 4000 each, standard deviation 62")
                .allMatch(times -> times > 3700 && times < 4300);
        applied.forEach((pair, times) -> assertThat((double) times / pairs.get(pair)).as("seed 21, %s", pair)
                .isBetween(pair.first().tenths() / 10.0 - 0.04, pair.first().tenths() / 10.0 + 0.04));
        assertThat(negative).as("seed 21").isBetween(49_000, 51_000);
    }

    @Test
    void doesTheFirstStepThenTheSecondAndWhatIsNotAppliedNotAtAll() {
        RgbImage image = new RgbImage(new byte[] {10, 20, 30, 40, 50, 60}, 1, 2);
        AutoAugmentPolicy.Step invert = new AutoAugmentPolicy.Step(ImageOperation.INVERT, 10, 0);
        AutoAugmentPolicy.Step posterize = new AutoAugmentPolicy.Step(ImageOperation.POSTERIZE, 10, 9);

        assertThat(choice(invert, true, posterize, true).apply(image).pixels()).isEqualTo(
                ImageOperation.POSTERIZE.apply(ImageOperation.INVERT.apply(image, 0, false), 9, false).pixels());
        assertThat(choice(posterize, true, invert, true).apply(image).pixels())
                .isNotEqualTo(choice(invert, true, posterize, true).apply(image).pixels());
        assertThat(choice(invert, false, posterize, false).apply(image)).isSameAs(image);
    }

    @Test
    void isAFunctionOfTheDraws() {
        RgbImage image = new RgbImage(MadeImages.of(3, 1, 16, 16, 3).pixels(), 16, 16);
        Map<String, Long> results = new HashMap<>();
        for (long index = 0; index < 200; index++) {
            byte[] once = AutoAugmentPolicy.drawn(new SeededDraws(22, SeededDraws.Purpose.POLICY, index)).apply(image).pixels();
            byte[] again = AutoAugmentPolicy.drawn(new SeededDraws(22, SeededDraws.Purpose.POLICY, index)).apply(image).pixels();
            assertThat(again).as("seed 22, index %d", index).isEqualTo(once);
            results.merge(Arrays.toString(once), 1L, Long::sum);
        }
        assertThat(results).as("seed 22").hasSizeGreaterThan(40);
    }

    private static AutoAugmentPolicy.Choice choice(AutoAugmentPolicy.Step first, boolean firstApplied,
            AutoAugmentPolicy.Step second, boolean secondApplied) {
        return new AutoAugmentPolicy.Choice(new AutoAugmentPolicy.Draw(first, firstApplied, false),
                new AutoAugmentPolicy.Draw(second, secondApplied, false));
    }

    private static String printed(AutoAugmentPolicy.Step step) {
        String name = Arrays.stream(step.operation().name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT)).collect(Collectors.joining());
        return "(%s,0.%d,%d)".formatted(name, step.tenths(), step.level());
    }
}
