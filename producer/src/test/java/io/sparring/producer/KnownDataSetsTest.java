package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownDataSetsTest {

    static List<DataSetDescription> all() {
        return KnownDataSets.ALL;
    }

    @ParameterizedTest
    @MethodSource("all")
    void haveTenClassesAndFilesWithSumsOfTheirOwn(DataSetDescription description) {
        assertThat(description.classNames()).hasSize(10).doesNotHaveDuplicates();
        assertThat(description.files()).extracting(RawFile::name).doesNotHaveDuplicates();
        assertThat(description.files()).extracting(RawFile::md5).doesNotHaveDuplicates()
                .allMatch(sum -> sum.matches("[0-9a-f]{32}"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void askTheOfficialSourceBeforeAnyPackage(DataSetDescription description) {
        assertThat(description.sources()).hasSize(2);
        assertThat(description.sources().get(0).description()).startsWith("http");
        assertThat(description.sources().get(1).description()).contains(" package ");
    }
}
