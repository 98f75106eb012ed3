package io.sparring.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command that looks at a cluster answers: in lines for people, or as one JSON document. */
final class Answer {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON instead.")
    private boolean json;

    boolean isJson() {
        return json;
    }

    /** Prints one of the two. */
    void print(Object document, List<String> lines) {
        if (json) {
            try {
                line(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        } else {
            lines.forEach(this::line);
        }
    }

    /** Prints a document on one line. */
    void jsonLine(Object document) {
        try {
            line(JSON.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    void line(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }

    /** A share as a percentage; null stays null. */
    static String percent(Double share) {
        return share == null ? null : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
