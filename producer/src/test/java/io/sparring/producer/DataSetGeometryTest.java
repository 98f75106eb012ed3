package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSetGeometryTest {

    @ParameterizedTest
    @ValueSource(strings = {"mnist", "fashion-mnist", "cifar10", "cifar100"})
    void isKnownBeforeTheFilesAreThere(String name) {
        assertThat(DataSets.names()).contains(name);
        assertThat(DataSets.geometry(name)).hasValueSatisfying(geometry -> assertThat(geometry.classes()).isEqualTo(
                ((PublishedFiles) KnownDataSets.ALL.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow())
                        .classNames().size()));
    }

    @Test
    void isThatOfTheImages() {
        assertThat(DataSets.geometry("cifar10")).contains(new DataSetGeometry(32, 32, 3, 10, 60_000));
        assertThat(DataSets.geometry("cifar10").orElseThrow().imageBytes()).isEqualTo(3_072);
    }

    @Test
    void isNothingForDataSetsThatOnlyReadingTellsOf() {
        assertThat(DataSets.geometry("my-images")).isEmpty();
    }
}
