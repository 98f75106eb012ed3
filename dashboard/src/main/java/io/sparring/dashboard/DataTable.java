package io.sparring.dashboard;

import java.util.List;
import java.util.stream.Stream;

/**
 * A table of the report.
 *
 * @param caption what it is of
 * @param columns their heads
 * @param rows as many cells as there are columns, of which the first is the row's head
 */
record DataTable(String caption, List<String> columns, List<List<Cell>> rows) {

    /** @param note in small below the text; empty for none */
    record Cell(String text, String note) {

        static Cell of(String text) {
            return new Cell(text, "");
        }
    }

    static List<Cell> row(String... texts) {
        return Stream.of(texts).map(Cell::of).toList();
    }
}
