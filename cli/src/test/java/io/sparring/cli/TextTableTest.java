package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTableTest {

    @Test
    void numbersStandAtTheRightAndNamesAtTheLeft() {
        assertThat(new TextTable("run", "step", "clean").row("fashion", 5, "8.0 %").row("m", 1_000, null).lines()).containsExactly(
                "run      step  clean",
                "fashion     5  8.0 %",
                "m        1000      -");
        assertThat(new TextTable("step", "next").lines()).containsExactly("step  next");
    }

    @Test
    void aRowHasACellForEachColumn() {
        assertThatThrownBy(() -> new TextTable("run", "step").row("fashion")).hasMessage("cells: 1; allowed: 2");
    }
}
