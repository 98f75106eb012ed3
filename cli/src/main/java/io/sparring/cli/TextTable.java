package io.sparring.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of text in columns, as wide as what is in them; columns of numbers are aligned at their right. */
final class TextTable {

    /** What stands where there is nothing to say. */
    static final String NONE = "-";

    private static final String NUMBER = "[-+]?[0-9][0-9.,]*( %)?|" + NONE;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... head) {
        rows.add(List.of(head));
    }

    /** @param cells one for each column; null is shown as {@value #NONE} */
    TextTable row(Object... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("cells: " + cells.length + "; allowed: " + rows.get(0).size());
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell == null ? NONE : cell.toString());
        }
        rows.add(row);
        return this;
    }

    List<String> lines() {
        List<StringBuilder> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(new StringBuilder()));
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            int width = rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
            boolean numbers = rows.size() > 1 && rows.stream().skip(1).allMatch(row -> row.get(at).matches(NUMBER));
            for (int i = 0; i < rows.size(); i++) {
                String cell = rows.get(i).get(column);
                String space = " ".repeat(width - cell.length());
                lines.get(i).append(column == 0 ? "" : "  ").append(numbers ? space + cell : cell + space);
            }
        }
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }
}
