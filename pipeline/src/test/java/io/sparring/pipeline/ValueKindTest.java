package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueKindTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            7             | WHOLE_NUMBER | WHOLE_NUMBER, NUMBER
            -99999999999  | WHOLE_NUMBER | WHOLE_NUMBER, NUMBER
            0.5           | NUMBER       | NUMBER
            7.0           | NUMBER       | NUMBER
            false         | TRUTH        | TRUTH
            "7"           | TEXT         | TEXT
            ""            | TEXT         | TEXT
            []            | NUMBERS      | NUMBERS
            [1, 2.5]      | NUMBERS      | NUMBERS
            """)
    void aDefaultTellsWhatItsKeyTakes(String json, ValueKind kind, String takers) throws Exception {
        JsonNode value = new ObjectMapper().readTree(json);
        assertThat(ValueKind.of(value)).isEqualTo(kind);
        assertThat(ValueKind.values()).filteredOn(each -> each.takes(value)).extracting(ValueKind::name)
                .containsExactlyElementsOf(Arrays.asList(takers.split(", ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"null", "{}", "{\"a\": 1}", "[null]", "[\"a\"]", "[[1]]"})
    void noKeyTakesNothingAGroupOrAListOfOtherThings(String json) throws Exception {
        JsonNode value = new ObjectMapper().readTree(json);
        assertThat(ValueKind.values()).noneMatch(kind -> kind.takes(value));
        assertThatThrownBy(() -> ValueKind.of(value)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no key of a run takes " + value);
    }

    @Test
    void everyKindSaysWhatIsAllowed() {
        assertThat(ValueKind.values()).extracting(ValueKind::allowed).doesNotHaveDuplicates().noneMatch(String::isBlank);
    }
}
