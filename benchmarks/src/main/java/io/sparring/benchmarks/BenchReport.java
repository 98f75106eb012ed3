package io.sparring.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.cli.Machine;
import io.sparring.cli.ResultFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one benchmark ends with.
 *
 * @param bench    its name
 * @param settings what it was told
 * @param results  a row each: what was measured, by name
 */
record BenchReport(String bench, Machine machine, Map<String, String> versions, Map<String, Object> settings,
        List<Map<String, Object>> results) {

    /** Prints the machine and the table for readers, then all of it as one line of JSON. */
    void print(String table, PrintWriter out) throws JsonProcessingException {
        out.println(machine.text());
        out.println("versions " + versions + ", settings " + settings);
        out.println(table);
        out.println(new ObjectMapper().writeValueAsString(this));
        out.flush();
    }

    /** Writes the results as a list; each says on what machine, with which versions and settings it was seen. */
    void write(Path file) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Map<String, Object> result : results) {
            Map<String, Object> row = new LinkedHashMap<>(result);
            row.put("bench", bench);
            row.put("machine", machine);
            row.put("versions", versions);
            row.put("settings", settings);
            rows.add(row);
        }
        ResultFile.write(file, rows);
    }
}
