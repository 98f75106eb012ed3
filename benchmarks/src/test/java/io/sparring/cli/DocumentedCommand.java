package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command that a page of the documentation has.
 *
 * @param page where it is
 * @param line the line it begins in, from 1
 * @param program {@code ./sparring} or {@code mvn}
 * @param arguments what follows the program, with optional ones, and values for placeholders
 * @param block whether it is in a block of code, to be typed as it is; else the text mentions it
 * @param marked whether the page says that no test runs it
 */
record DocumentedCommand(String page, int line, String program, List<String> arguments, boolean block, boolean marked) {

    static final Path ROOT = Path.of("..");

    /** What a page says beside commands that no test runs: in the block, or right before it. */
    private static final String MARK = "not run by a test";
    private static final Pattern COMMAND = Pattern.compile("(?:\\w+=\\S+ )*(\\./sparring|sparring|mvn)(?: (.*))?");
    private static final Pattern SPAN = Pattern.compile("`([^`]+)`");
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");
    private static final Map<String, String> PLACEHOLDERS = Map.of("$KAFKA", "127.0.0.1:9092", "STEP", "1", "N", "1",
            "PORT", "8421", "BATCH", "1");

    static List<DocumentedCommand> all() throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        try (Stream<Path> pages = Stream.concat(Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                Files.list(ROOT.resolve("docs")).filter(path -> path.toString().endsWith(".md")).sorted())) {
            for (Path page : pages.toList()) {
                commands.addAll(of(ROOT.relativize(page).toString(), Files.readAllLines(page)));
            }
        }
        return commands;
    }

    static List<DocumentedCommand> of(String page, List<String> lines) {
        List<DocumentedCommand> commands = new ArrayList<>();
        String before = "";
        String fence = null;
        List<DocumentedCommand> ofBlock = new ArrayList<>();
        StringBuilder block = new StringBuilder();
        for (int i = 0; i <= lines.size(); i++) {
            String line = i < lines.size() ? lines.get(i) : "";
            boolean fenced = line.startsWith("```");
            boolean indented = fence == null && line.startsWith("    ");
            if (fence != null && !fenced || indented) {
                int first = i;
                while (line.endsWith("\\")) {
                    line = line.substring(0, line.length() - 1) + lines.get(++i);
                }
                block.append(line);
                add(ofBlock, page, first + 1, line.strip().replaceFirst("(?:^|\\s)#.*", ""), true, false);
                continue;
            }
            if (fence == null || fenced) {
                boolean marked = (before + block).contains(MARK);
                ofBlock.forEach(each -> commands.add(
                        new DocumentedCommand(page, each.line, each.program, each.arguments, true, marked)));
                ofBlock.clear();
                block.setLength(0);
            }
            if (fenced) {
                fence = fence == null ? line : null;
                continue;
            }
            if (!line.isBlank()) {
                before = line;
                // a span may go on in the next line, which it does nowhere
                Matcher spans = SPAN.matcher(line);
                while (spans.find()) {
                    add(commands, page, i + 1, spans.group(1), false, line.contains(MARK));
                }
            }
        }
        return commands;
    }

    private static void add(List<DocumentedCommand> commands, String page, int line, String text, boolean block, boolean marked) {
        Matcher matcher = COMMAND.matcher(text.strip());
        if (matcher.matches()) {
            String program = matcher.group(1).equals("sparring") ? "./sparring" : matcher.group(1);
            String given = matcher.group(2) == null ? "" : matcher.group(2);
            // optional ones are written in brackets
            String words = given.replace("[...]", "").replaceAll("(?<=\\s)\\[|\\](?=\\s|$)", "");
            List<String> arguments = WORD.matcher(words).results().map(word -> word.group().replaceAll("[\"']", ""))
                    .filter(word -> !word.equals("...")).map(word -> PLACEHOLDERS.getOrDefault(word, word)).toList();
            commands.add(new DocumentedCommand(page, line, program, arguments, block, marked));
        }
    }


    /** The values of Maven's {@code -Dname=a,b}, or of {@code -name a,b}. */
    List<String> values(String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(option + "=")) {
                values.addAll(Arrays.asList(arguments.get(i).substring(option.length() + 1).split(",")));
            } else if (arguments.get(i).equals(option)) {
                values.addAll(Arrays.asList(arguments.get(i + 1).split(",")));
            }
        }
        return values;
    }

    String where() {
        return page + ":" + line + ": " + program + " " + String.join(" ", arguments);
    }
}
