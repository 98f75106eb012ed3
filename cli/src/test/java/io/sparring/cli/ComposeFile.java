package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The compose file as an engine sees it with some variables set: anchors and merged keys resolved, variables replaced. */
final class ComposeFile {

    static final Path ROOT = Path.of("..");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::-([^}]*))?}");

    private final Map<String, Object> tree;
    private final Set<String> variables = new TreeSet<>();

    private ComposeFile(Map<String, Object> tree, Set<String> variables) {
        this.tree = tree;
        this.variables.addAll(variables);
    }

    static ComposeFile read(Map<String, String> values) throws IOException {
        String text = Files.readString(ROOT.resolve("docker-compose.yml")).replaceAll("(?m)^ *#.*$", "");
        Set<String> variables = new TreeSet<>();
        String replaced = VARIABLE.matcher(text).replaceAll(match -> {
            variables.add(match.group(1));
            return Matcher.quoteReplacement(values.getOrDefault(match.group(1), match.group(2) == null ? "" : match.group(2)));
        });
        // Jackson does not know YAML's merge keys; this is what it reads YAML with
        return new ComposeFile(map(new Yaml(new SafeConstructor(new LoaderOptions())).load(replaced)), variables);
    }

    /** Names of the variables that it takes from the environment. */
    Set<String> variables() {
        return variables;
    }

    /** The services by their names. */
    Map<String, Map<String, Object>> services() {
        Map<String, Map<String, Object>> services = new LinkedHashMap<>();
        map(tree.get("services")).forEach((name, service) -> services.put(name, map(service)));
        return services;
    }

    /** Those that run Sparring. */
    Map<String, Map<String, Object>> ours() {
        Map<String, Map<String, Object>> ours = services();
        ours.values().removeIf(service -> !String.valueOf(service.get("image")).startsWith("sparring"));
        return ours;
    }

    Set<String> volumes() {
        return map(tree.get("volumes")).keySet();
    }

    static Map<String, Object> map(Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (value != null) {
            ((Map<?, ?>) value).forEach((name, each) -> map.put(String.valueOf(name), each));
        }
        return map;
    }

    static List<String> list(Object value) {
        return value == null ? List.of() : ((List<?>) value).stream().map(String::valueOf).toList();
    }
}
