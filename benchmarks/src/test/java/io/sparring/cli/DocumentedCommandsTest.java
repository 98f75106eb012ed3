package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every command in the documentation can be typed as it stands there, and is run by a test or says that it is not. It is in this
 * module because this one sees all commands.
 */
class DocumentedCommandsTest {

    /** The test that runs each command with options of its own; {@code TutorialIT} runs those of the tutorial as they are. */
    private static final Map<String, String> RUN_BY = Map.ofEntries(
            Map.entry("quickstart", "QuickstartIT"), Map.entry("broker", "OutageIT"),
            Map.entry("topics create", "ClientCertificateIT"), Map.entry("topics delete", "OperationsIT"),
            Map.entry("topics list", "OperationsIT"), Map.entry("topics describe", "OperationsIT"),
            Map.entry("producer", "ServiceChildren"), Map.entry("attacker", "ServiceChildren"),
            Map.entry("trainer", "ServiceChildren"), Map.entry("evaluator", "ServiceChildren"),
            Map.entry("dashboard", "DashboardIT"), Map.entry("export", "ExportIT"), Map.entry("evaluate", "EvaluateIT"),
            Map.entry("pause", "LifeOfRunIT"), Map.entry("resume", "LifeOfRunIT"), Map.entry("stop", "LifeOfRunIT"),
            Map.entry("change", "LifeOfRunIT"), Map.entry("rollback", "LifeOfRunIT"), Map.entry("runs", "OperationsIT"),
            Map.entry("status", "OperationsIT"), Map.entry("lag", "OperationsIT"), Map.entry("models", "OperationsIT"),
            Map.entry("tail", "OperationsIT"), Map.entry("tensorboard", "OperationsIT"), Map.entry("replay", "ReplayIT"),
            Map.entry("chaos", "ChaosIT"), Map.entry("mlflow", "MlflowIT"), Map.entry("ingest", "LiveDataIT"),
            Map.entry("study", "StudyIT"),
            Map.entry("report", "DashboardIT"), Map.entry("dead-letters list", "DeadLettersIT"),
            Map.entry("dead-letters describe", "DeadLettersIT"), Map.entry("dead-letters redrive", "DeadLettersIT"));

    /** Not those to other sites, nor within a page. */
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:)([^)#\\s]+)[^)]*\\)");

    private static List<DocumentedCommand> ours;
    private static List<DocumentedCommand> builds;
    private static Map<String, Path> sources;

    @BeforeAll
    static void read() throws IOException {
        List<DocumentedCommand> commands = DocumentedCommand.all();
        ours = commands.stream().filter(command -> command.program().equals("./sparring")).toList();
        builds = commands.stream().filter(command -> command.program().equals("mvn")).toList();
        sources = sources();
    }

    @Test
    void readsBlocksAndSpansWithTheirMarks() {
        List<DocumentedCommand> read = DocumentedCommand.of("page", List.of("See `mvn verify` and `sparring stop`:", "",
                "    A=1 ./sparring tail attacks --run FILE [-n N] [...]  # why", "    ls", "", "A cost, not run by a test:", "",
                "```sh", "mvn -q \\", "  -Dtest='A,B*' test", "```"));
        assertThat(read).extracting(DocumentedCommand::arguments).containsExactly(List.of("verify"), List.of("stop"),
                List.of("tail", "attacks", "--run", "FILE", "-n", "1"), List.of("-q", "-Dtest=A,B*", "test"));
        assertThat(read).extracting(DocumentedCommand::line).containsExactly(1, 1, 3, 9);
        assertThat(read).extracting(DocumentedCommand::marked).containsExactly(false, false, false, true);
        assertThat(read.get(3).values("-Dtest")).containsExactly("A", "B*");
    }

    @Test
    void everyCommandOfSparringsCanBeParsed() {
        assertThat(ours).hasSizeGreaterThan(60);
        List<String> wrong = new ArrayList<>();
        for (DocumentedCommand command : ours) {
            try {
                Sparring.commandLine().parseArgs(command.arguments().toArray(String[]::new));
            } catch (ParameterException e) {
                // what the text mentions need not be whole
                if (command.block() || !(e instanceof MissingParameterException)) {
                    wrong.add(command.where() + ": " + e.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRunFileIsThere() {
        assertThat(ours.stream().flatMap(command -> command.values("--run").stream()).filter(file -> file.startsWith("runs/")))
                .isNotEmpty().allMatch(file -> Files.exists(DocumentedCommand.ROOT.resolve(file)));
    }

    /** Pages and pictures, by their paths in the project. */
    @Test
    void everyLinkLeadsToAFileThatIsThere() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(DocumentedCommand.ROOT.resolve("README.md"),
                DocumentedCommand.ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.walk(DocumentedCommand.ROOT.resolve("docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                if (!Files.exists(page.resolveSibling(links.group(1)))) {
                    broken.add(DocumentedCommand.ROOT.relativize(page) + " -> " + links.group(1));
                }
            }
        }
        assertThat(pages).hasSizeGreaterThan(20);
        assertThat(broken).isEmpty();
    }

    @Test
    void everyCommandOfMavensNamesWhatThereIs() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path source : sources.values()) {
            all.append(Files.readString(source));
        }
        for (Path pom : poms()) {
            all.append(Files.readString(pom));
        }
        for (DocumentedCommand command : builds) {
            assertThat(command.values("-pl")).as(command.where())
                    .allMatch(module -> Files.exists(DocumentedCommand.ROOT.resolve(module).resolve("pom.xml")));
            Stream.of("-Dtest", "-Dit.test").flatMap(option -> command.values(option).stream())
                    .filter(name -> !name.equalsIgnoreCase("none")).forEach(name -> {
                        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + name);
                        assertThat(sources.keySet()).as(command.where()).anyMatch(test -> matcher.matches(Path.of(test)));
                    });
            for (String argument : command.arguments()) {
                String property = argument.startsWith("-D") ? argument.substring(2).split("=")[0] : "";
                assertThat(property.isEmpty() || property.matches("test|it\\.test|(surefire|failsafe)\\..*|skipTests")
                        || all.indexOf("\"" + property) >= 0 || all.indexOf("<name>" + property + "<") >= 0)
                        .as("%s: %s", command.where(), property).isTrue();
            }
        }
    }

    @Test
    void everyCommandIsRunByATestOrSaysThatItIsNot() throws IOException {
        Set<String> unmarked = new TreeSet<>();
        for (DocumentedCommand command : ours) {
            String path = path(command);
            if (command.block() && !RUN_BY.containsKey(path) && !command.marked()) {
                unmarked.add(command.where());
            }
        }
        // `mvn verify`, or some of its tests, is what CI runs; with a profile or a property it is another matter
        builds.stream().filter(command -> command.block() && !command.marked() && !command.arguments().stream()
                        .allMatch(word -> word.matches("verify|test|-am|-pl|[a-z]+|-D(it\\.)?test=.*|-D.*failIfNoSpecifiedTests=.*")))
                .forEach(command -> unmarked.add(command.where()));
        assertThat(unmarked).as("neither run by a test nor marked").isEmpty();
        Map<String, String> notThere = new TreeMap<>();
        for (Map.Entry<String, String> entry : RUN_BY.entrySet()) {
            String text = Files.readString(sources.get(entry.getValue()));
            for (String word : entry.getKey().split(" ")) {
                if (!text.contains("\"" + word + "\"")) {
                    notThere.put(entry.getKey(), entry.getValue());
                }
            }
        }
        assertThat(notThere).as("commands whose test does not have their words").isEmpty();
    }

    private static String path(DocumentedCommand command) {
        List<String> words = new ArrayList<>();
        CommandLine line = Sparring.commandLine();
        for (String argument : command.arguments()) {
            if (!line.getSubcommands().containsKey(argument)) {
                break;
            }
            words.add(argument);
            line = line.getSubcommands().get(argument);
        }
        return String.join(" ", words);
    }

    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new TreeMap<>();
        for (Path pom : poms()) {
            Path folder = pom.resolveSibling("src");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(path -> path.toString().endsWith(".java"))
                            .forEach(path -> sources.put(path.getFileName().toString().replace(".java", ""), path));
                }
            }
        }
        return sources;
    }

    private static List<Path> poms() throws IOException {
        try (Stream<Path> files = Files.walk(DocumentedCommand.ROOT, 2)) {
            return files.filter(path -> path.endsWith("pom.xml")).toList();
        }
    }
}
