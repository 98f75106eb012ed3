package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The real data sets, by whatever way works here; kept in the default cache, so that only the first run fetches. */
class DataSetsIT {

    @ParameterizedTest
    @ValueSource(strings = {"fashion-mnist", "mnist", "cifar10"})
    void filesHaveTheOfficialSums(String name) throws Exception {
        load(name);

        for (RawFile file : description(name).files()) {
            file.verify(DataSets.defaultCache().resolve(name));
        }
    }

    @Test
    void mnistIsAsPublished() throws Exception {
        DataSet mnist = load("mnist");

        assertThat(mnist.training()).hasToString("60000 images of 28 x 28 x 1 in 10 classes");
        assertThat(mnist.heldOut()).hasToString("10000 images of 28 x 28 x 1 in 10 classes");
        assertThat(firstLabels(mnist.training())).containsExactly(5, 0, 4, 1, 9, 2, 1, 3, 1, 4);
        assertThat(firstLabels(mnist.heldOut())).containsExactly(7, 2, 1, 0, 4, 1, 4, 9, 5, 9);
        assertThat(mean(mnist.training(), 0)).isCloseTo(0.1307, within(0.00005));
    }

    @Test
    void fashionMnistIsAsPublished() throws Exception {
        DataSet fashion = load("fashion-mnist");

        assertThat(fashion.training()).hasToString("60000 images of 28 x 28 x 1 in 10 classes");
        assertThat(fashion.heldOut()).hasToString("10000 images of 28 x 28 x 1 in 10 classes");
        assertThat(firstLabels(fashion.training())).containsExactly(9, 0, 0, 3, 0, 2, 7, 2, 5, 5);
        assertThat(firstLabels(fashion.heldOut())).containsExactly(9, 2, 1, 1, 6, 1, 4, 6, 5, 7);
        assertThat(mean(fashion.training(), 0)).isCloseTo(0.2860, within(0.00005));
    }

    @Test
    void cifarIsAsPublished() throws Exception {
        DataSet cifar = load("cifar10");

        assertThat(cifar.training()).hasToString("50000 images of 32 x 32 x 3 in 10 classes");
        assertThat(cifar.heldOut()).hasToString("10000 images of 32 x 32 x 3 in 10 classes");
        assertThat(firstLabels(cifar.training())).containsExactly(6, 9, 9, 4, 1, 1, 2, 7, 8, 3);
        assertThat(firstLabels(cifar.heldOut())).containsExactly(3, 8, 8, 0, 6, 6, 1, 6, 3, 1);
        assertThat(mean(cifar.training(), 0)).isCloseTo(0.4914, within(0.00005));
        assertThat(mean(cifar.training(), 1)).isCloseTo(0.4822, within(0.00005));
        assertThat(mean(cifar.training(), 2)).isCloseTo(0.4465, within(0.00005));
    }

    /** The way from an empty cache, which the other tests go only once on a machine. */
    @ParameterizedTest
    @ValueSource(strings = {"fashion-mnist", "mnist"})
    void anEmptyCacheIsFilled(String name, @TempDir Path cache) throws Exception {
        assertThat(new DataSets(Optional.empty(), cache).load(name).training().count()).isEqualTo(60_000);

        description(name).verify(cache.resolve(name));
    }

    private static DataSet load(String name) throws Exception {
        Instant begun = Instant.now();
        DataSet dataSet = new DataSets(Optional.empty(), DataSets.defaultCache()).load(name);
        LoggerFactory.getLogger(DataSetsIT.class).info("{} loaded in {}", name, Duration.between(begun, Instant.now()));
        return dataSet;
    }

    private static DataSetDescription description(String name) {
        return KnownDataSets.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static int[] firstLabels(LabeledImages images) {
        return Arrays.copyOf(images.labels(), 10);
    }

    /** The mean of a channel, pixel values being 0 to 1. */
    private static double mean(LabeledImages images, int channel) {
        long sum = 0;
        for (int i = channel; i < images.pixels().length; i += images.channels()) {
            sum += Byte.toUnsignedInt(images.pixels()[i]);
        }
        return sum / 255.0 / (images.pixels().length / images.channels());
    }
}
