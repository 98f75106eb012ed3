package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownDataSetsTest {

    static List<PublishedFiles> published() {
        return KnownDataSets.ALL.stream().filter(PublishedFiles.class::isInstance).map(PublishedFiles.class::cast).toList();
    }

    static List<DataSetDescription> fetched() {
        return KnownDataSets.ALL.stream().filter(description -> !description.sources().isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("published")
    void haveClassesWithNamesOfTheirOwn(PublishedFiles description) {
        assertThat(description.classNames()).hasSize(description.name().equals("cifar100") ? 100 : 10).doesNotHaveDuplicates();
        assertThat(description.files()).extracting(RawFile::name).doesNotHaveDuplicates();
    }

    /** CIFAR-100's file of names is in alphabetical order, and so are its labels. */
    @Test
    void theClassesOfCifar100AreInAlphabeticalOrder() {
        assertThat(named("cifar100").classNames()).isSorted().startsWith("apple").endsWith("worm");
    }

    @ParameterizedTest
    @MethodSource("fetched")
    void haveFilesWithSumsOfTheirOwnOrWithTheirLengths(DataSetDescription description) {
        List<RawFile> files = description.files();
        if (description.name().equals("cifar100")) {
            assertThat(files).containsExactly(new RawFile("train.bin", 153_700_000), new RawFile("test.bin", 30_740_000));
        } else {
            assertThat(files).extracting(file -> file.md5().orElse("none")).doesNotHaveDuplicates()
                    .allMatch(sum -> sum.matches("[0-9a-f]{32}"));
        }
    }

    @ParameterizedTest
    @MethodSource("fetched")
    void askTheOfficialSourceBeforeAnyPackage(DataSetDescription description) {
        List<String> sources = description.sources().stream().map(DataSource::description).toList();
        assertThat(sources.get(0)).startsWith("http");
        assertThat(sources.stream().skip(1)).allMatch(source -> source.contains(" package "));
        assertThat(sources).hasSize(List.of("cifar100", "tiny-imagenet").contains(description.name()) ? 1 : 2);
    }

    @Test
    void whatIsReadFromImageFilesCanBeResized() {
        assertThat(KnownDataSets.ALL).filteredOn(DataSetDescription::resizable).extracting(DataSetDescription::name)
                .containsExactly("image-folder", "tiny-imagenet");
    }

    private static PublishedFiles named(String name) {
        return published().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }
}
