package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/troubleshooting.md quotes is what the code says. */
class TroubleshootingTest {

    /** In the first column of a table: between backticks, one or two. */
    private static final Pattern QUOTED = Pattern.compile("(`+)(.+?)\\1");
    /** Where a text is continued in the next literal, or in what a variable holds. */
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

    @Test
    void everyQuotedTextIsInTheCode() throws IOException {
        String code = code();
        List<String> missing = new ArrayList<>();
        List<String> texts = texts();
        assertThat(texts).hasSizeGreaterThan(40);
        for (String text : texts) {
            List<String> parts = Arrays.stream(text.split("…")).map(part -> part.replaceAll("^[;:,. ]+|[;:,. ]+$", ""))
                    .filter(part -> part.length() > 3).toList();
            assertThat(parts).as(text).isNotEmpty();
            parts.stream().filter(part -> !code.contains(part)).forEach(part -> missing.add(text + ": " + part));
        }
        assertThat(missing).as("quoted, and nowhere in the code").isEmpty();
    }

    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "troubleshooting.md"))) {
            if (line.startsWith("| `")) {
                Matcher quoted = QUOTED.matcher(line.substring(0, line.indexOf(" | ")));
                while (quoted.find()) {
                    texts.add(quoted.group(2));
                }
            }
        }
        return texts;
    }

    /** All that the launcher and the modules say, with literals that are put together joined. */
    private static String code() throws IOException {
        StringBuilder code = new StringBuilder(Files.readString(Path.of("..", "sparring")));
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path sources : modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.walk(sources)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                        code.append(JOINT.matcher(Files.readString(file)).replaceAll(""));
                    }
                }
            }
        }
        return code.toString();
    }
}
