package io.sparring.cli;

import io.sparring.pipeline.BearerToken;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The text of {@code docs/configuration.md}: every key of a run, environment variable and option. */
final class ReferenceConfiguration {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:(\\w+)(?::-([^}]*))?}");

    private final StringBuilder text = new StringBuilder();

    private ReferenceConfiguration() {
    }

    static String text() throws IOException {
        ReferenceConfiguration configuration = new ReferenceConfiguration();
        configuration.line("# Configuration");
        configuration.line("");
        configuration.line("Made from the code by `ReferenceTest`, which fails when the two differ and says how to make it again.");
        configuration.keys();
        configuration.variables();
        configuration.options();
        return configuration.text.toString();
    }

    /** The file of defaults is itself the documentation; here it has its keys whole. */
    private void keys() throws IOException {
        section("Keys of a run", """
                In a run file they are nested, as `attack:` and below it `steps: 10`; on the command line it is
                `--set attack.steps=10`, in the environment `SPARRING_RUN_ATTACK_STEPS=10`. The later goes over the earlier:
                default, file, environment, command line.""");
        row("key", "default", "");
        row("---", "---", "---");
        String group = "";
        List<String> comment = new ArrayList<>();
        String last = "";
        for (String line : defaults().lines().toList()) {
            if (line.isBlank()) {
                comment.clear();
                last = "";
            } else if (line.strip().startsWith("#")) {
                comment.add(line.strip().substring(1).strip());
            } else if (line.endsWith(":")) {
                group = line.substring(0, line.length() - 1) + ".";
            } else {
                String[] key = line.strip().split(": ", 2);
                String name = line.startsWith(" ") ? group + key[0] : key[0];
                // keys under one comment belong together
                last = comment.isEmpty() ? last : String.join(" ", comment).replace("<", "&lt;");
                row("`" + name + "`", "`" + key[1] + "`", last);
                comment.clear();
            }
        }
    }

    /** Those that are defaults of options, and those of a family. */
    private void variables() {
        Map<String, String> variables = new TreeMap<>();
        variables.put(RunFile.ENVIRONMENT_PREFIX + "...", "a key of the run, as above");
        variables.put("SPARRING_KAFKA_...", "a setting of the Kafka clients: `SPARRING_KAFKA_SASL_MECHANISM` is `sasl.mechanism`, "
                + "`SPARRING_KAFKA_BOOTSTRAP_SERVERS` the cluster");
        variables.put("SPARRING_KAFKA_SCHEMA_REGISTRY_URL", "`schema.registry.url` of the Kafka settings: records are in Confluent's wire "
                + "format, their schemas in that registry; needs the module `registry` ([other-tools.md]"
                + "(other-tools.md#a-schema-registry))");
        variables.put("OTEL_...", "with `--tracing`: OpenTelemetry's own variables, such as `OTEL_EXPORTER_OTLP_ENDPOINT` and "
                + "`OTEL_TRACES_SAMPLER` ([operating.md](operating.md#traces))");
        variables.put(BearerToken.VARIABLE, "the token that whoever posts images to the producer has to bring, as "
                + "`--http-token-file`");
        variables.put("SPARRING_VERBOSE", "`--verbose`");
        variables.putAll(ofOptions());
        section("Environment variables", "What the launcher script reads (`JAVA_HOME`, `SPARRING_JAVA_OPTIONS` and so on) is told at the "
                + "head of `./sparring`.");
        row("variable", "what it sets");
        row("---", "---");
        variables.forEach((name, what) -> row("`" + name + "`", what));
    }

    private static Map<String, String> ofOptions() {
        Map<String, SortedSet<String>> options = new TreeMap<>();
        each(commandLine(), (name, command) -> command.getCommandSpec().options().forEach(option -> {
            Matcher matcher = VARIABLE.matcher(String.valueOf(option.defaultValue()));
            if (matcher.find()) {
                options.computeIfAbsent(matcher.group(1), variable -> new TreeSet<>()).add("`" + option.longestName() + "`");
            }
        }));
        Map<String, String> variables = new TreeMap<>();
        options.forEach((variable, names) -> variables.put(variable, String.join(" or ", names)));
        return variables;
    }

    /** The environment variables that set one option each. */
    static Set<String> variableNames() {
        return ofOptions().keySet();
    }

    private void options() {
        section("Options", "`--help`, `--version` and `--verbose` are everywhere. An option without a default need not be given, unless it "
                + "says so.");
        each(commandLine(), (name, command) -> {
            List<String[]> rows = new ArrayList<>();
            CommandSpec spec = command.getCommandSpec();
            for (PositionalParamSpec parameter : spec.positionalParameters()) {
                rows.add(new String[] {"`" + parameter.paramLabel() + "`", "", description(parameter)});
            }
            for (OptionSpec option : spec.options()) {
                if (!option.inherited() && !option.usageHelp() && !option.versionHelp() && !option.hidden()) {
                    String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                    rows.add(new String[] {"`" + String.join(", ", option.names()) + label + "`", standard(option),
                        description(option) + (option.required() && option.group() == null ? " Needed." : "")});
                }
            }
            if (!rows.isEmpty()) {
                line("");
                line("### " + name);
                line("");
                row("option", "default", "");
                row("---", "---", "---");
                rows.forEach(this::row);
            }
        });
    }

    private static String standard(OptionSpec option) {
        String value = option.defaultValue();
        if (value == null || option.arity().max() == 0) {
            return "";
        }
        Matcher matcher = VARIABLE.matcher(value);
        String shown = matcher.matches() ? matcher.group(2) : value;
        return shown == null || shown.isEmpty() ? "" : "`" + shown + "`";
    }

    private static String description(ArgSpec argument) {
        return String.join(" ", argument.description()).replace("${DEFAULT-VALUE}", "see left").replace("%%", "%")
                .replace("${COMPLETION-CANDIDATES}", candidates(argument));
    }

    private static String candidates(ArgSpec argument) {
        List<String> candidates = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(candidates::add);
        }
        return String.join(", ", candidates);
    }

    /** With the variables in it as they are written: their values are those of a machine. */
    private static CommandLine commandLine() {
        return Sparring.commandLine().setInterpolateVariables(false);
    }

    private interface Visitor {

        void visit(String name, CommandLine command);
    }

    /** Every command that does something itself. */
    private static void each(CommandLine parent, Visitor visitor) {
        parent.getSubcommands().forEach((name, command) -> {
            visitor.visit(command.getCommandSpec().qualifiedName().substring("sparring ".length()), command);
            each(command, visitor);
        });
    }

    static String defaults() throws IOException {
        try (InputStream file = RunSpecification.class.getResourceAsStream("run-defaults.yaml")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void section(String title, String introduction) {
        line("");
        line("## " + title);
        line("");
        line(introduction);
        line("");
    }

    private void row(String... cells) {
        List<String> safe = new ArrayList<>();
        for (String cell : cells) {
            safe.add(Ansi.OFF.string(cell).replace("|", "\\|").replace("‖", "\\|\\|"));
        }
        line("| " + String.join(" | ", safe) + " |");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
