package io.sparring.cli;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a PromQL expression refers to. */
record PromQl(String expression) {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)\\s*\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)\\s*(?:=~|!~|!=|=)");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring");

    /** The names of the series, without labels, functions and words of the language. */
    Set<String> series() {
        String bare = GROUPING.matcher(expression).replaceAll("").replaceAll("\\{[^}]*}", "").replaceAll("\\[[^]]*]", "");
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(bare);
        while (matcher.find()) {
            boolean isCalled = bare.substring(matcher.end()).stripLeading().startsWith("(");
            if (!isCalled && !WORDS.contains(matcher.group().toLowerCase(Locale.ROOT))) {
                names.add(matcher.group());
            }
        }
        return names;
    }

    /** The labels that it selects or groups by. */
    Set<String> labels() {
        Set<String> labels = new TreeSet<>();
        Matcher selectors = SELECTOR.matcher(expression);
        while (selectors.find()) {
            // what is between quotes may hold anything
            Matcher matcher = LABEL.matcher(selectors.group(2).replaceAll("\"[^\"]*\"", "\"\""));
            while (matcher.find()) {
                labels.add(matcher.group(1));
            }
        }
        Matcher groupings = GROUPING.matcher(expression);
        while (groupings.find()) {
            for (String label : groupings.group(1).split(",")) {
                labels.add(label.strip());
            }
        }
        labels.remove("");
        return labels;
    }
}
