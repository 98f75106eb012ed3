package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileTest {

    private static final String ALL_KEYS = String.join(", ", RunKeys.OTHER_VALUES.keySet());

    @TempDir
    private Path folder;

    static Stream<String> keys() {
        return RunKeys.OTHER_VALUES.keySet().stream();
    }

    @Test
    void eachSourceIsOverTheOneBefore() throws IOException {
        Path file = file("seed: 2\npartitions: 2\nnetwork:\n  width: 2\n  hidden: 2\n");
        Map<String, String> environment = Map.of("SPARRING_RUN_PARTITIONS", "3", "SPARRING_RUN_NETWORK_WIDTH", "3",
                "PATH", "/bin");
        RunSpecification run = RunFile.read(file, environment, Map.of("network.width", "4"));
        assertThat(run.attack().steps()).as("default").isEqualTo(10);
        assertThat(run.seed()).as("file over default").isEqualTo(2);
        assertThat(run.network().hidden()).as("file over default, in a group").isEqualTo(2);
        assertThat(run.partitions()).as("environment over file").isEqualTo(3);
        assertThat(run.network().width()).as("option over environment").isEqualTo(4);
        assertThat(run.network().name()).as("default beside a key that the file names").isEqualTo("cnn4");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyCanBeGivenInEverySourceAndIsTheOnlyDifference(String key) throws IOException {
        String value = RunKeys.OTHER_VALUES.get(key);
        RunSpecification base = RunKeys.run(RunKeys.companions(key));
        RunSpecification byOption = RunKeys.run(key, value);
        assertThat(RunFile.differences(base, byOption)).containsExactly(key);
        assertThat(RunFile.differences(byOption, base)).containsExactly(key);
        assertThat(RunFile.read(null, Map.of(RunFile.variable(key), value), without(key))).isEqualTo(byOption);
        int dot = key.indexOf('.');
        Path file = file(dot < 0 ? key + ": " + value
                : key.substring(0, dot) + ":\n  " + key.substring(dot + 1) + ": " + value);
        assertThat(RunFile.read(file, Map.of(), without(key))).isEqualTo(byOption);
    }

    private static Map<String, String> without(String key) {
        Map<String, String> companions = new HashMap<>(RunKeys.companions(key));
        companions.remove(key);
        return companions;
    }

    @Test
    void environmentVariablesAreNamedAfterKeys() {
        assertThat(RunFile.variable("run")).isEqualTo("SPARRING_RUN_RUN");
        assertThat(RunFile.variable("network.batchNorm")).isEqualTo("SPARRING_RUN_NETWORK_BATCH_NORM");
        assertThat(RunFile.variable("staleness.craftAfterSeconds")).isEqualTo("SPARRING_RUN_STALENESS_CRAFT_AFTER_SECONDS");
    }

    @Test
    void unknownKeysAreRefusedWithWhereTheyAreAndWhatIsAllowed() throws IOException {
        Path file = file("network:\n  wdith: 3\n");
        refused(() -> RunFile.read(file, Map.of(), Map.of()), file + ": key 'network.wdith' is not known; allowed: " + ALL_KEYS);
        Path elsewhere = file("optimiser: {momentum: 0.5}");
        refused(() -> RunFile.read(elsewhere, Map.of(), Map.of()),
                elsewhere + ": key 'optimiser.momentum' is not known; allowed: " + ALL_KEYS);
        refused(() -> RunKeys.run(Map.of("Seed", "3")), "option Seed: key 'Seed' is not known; allowed: " + ALL_KEYS);
        assertThatThrownBy(() -> RunFile.read(null, Map.of("SPARRING_RUN_NETWORK_WDITH", "3"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("environment variable SPARRING_RUN_NETWORK_WDITH: '3' is not allowed; "
                        + "allowed: SPARRING_RUN_ATTACK_EPSILON, SPARRING_RUN_ATTACK_EPSILON_WARM_UP, ")
                .hasMessageContaining("SPARRING_RUN_NETWORK_WIDTH");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            partitions                  | 0            | from 1 to 10000
            partitions                  | 10001        | from 1 to 10000
            partitions                  | 4.5          | a whole number
            partitions                  | true         | a whole number
            partitions                  | "4"          | a whole number
            seed                        | null         | a whole number
            seed                        | `{"a":1}`    | a whole number
            seed                        | {}           | a whole number
            network.width               | abc          | a whole number
            network.width               | 0            | from 1 to 4096
            network.hidden              | 65537        | from 1 to 65536
            network.batchNorm           | 1            | true or false
            network.precision           | float16      | float32, bfloat16, auto
            network.mean                | 0.5          | a list of numbers
            network.mean                | [null]       | a list of numbers
            network.deviation           | [0.5]        | as many values as network.mean, which has 0
            data.imageSize              | 1025         | from 0 to 1024
            data.batchSize              | 0            | from 1 to 65536
            data.validationImages       | -1           | at least 0
            data.heldOut                | training     | test, validation, both
            data.heldOut                | validation   | test where data.validationImages is 0
            data.heldOut                | both         | test where data.validationImages is 0
            evaluation.sliceImages      | 300          | 0, a multiple of data.heldOutBatchSize = 250, or all data.heldOutImages
            evaluation.suite            | everything   | none, autoattack
            evaluation.suiteOn          | some         | every, best
            evaluation.suiteEvery       | 0            | at least 1
            evaluation.suiteQueries     | 0            | from 1 to 10000000
            prequential.slide           | 30           | a divisor of prequential.window = 100
            prequential.accuracyFall    | 1.5          | from 0 to 1
            data.batches                | -1           | at least 0
            data.cropPadding            | 65           | from 0 to 64
            data.cropMode               | edge         | zero, reflect
            data.autoAugment            | cifar10      | true or false
            data.cutout                 | 1025         | from 0 to 1024
            data.flip                   | maybe        | true or false
            data.heldOutImages          | 0            | at least 1
            data.heldOutBatchSize       | 65537        | from 1 to 65536
            data.lead                   | 0            | from 1 to 1000000
            data.lead                   | 2147483647   | from 1 to 1000000
            data.lead                   | 16           | more than the batches that attackers may be ahead, staleness.atMost = 16
            objective.lambda            | -0.5         | at least 0
            objective.lambda            | NaN          | a number
            objective.beta              | -1           | at least 0
            objective.interpolation     | 1.5          | from 0 to 1
            objective.temperature       | 101          | from 0 to 100
            objective.averaging         | 1.5          | from 0 to 1
            objective.averagingFromEpoch | -1          | at least 0
            attack.norm                 | max          | linf, l2
            attack.epsilon              | 0.6          | from 0 to 0.5
            attack.stepSize             | 1.5          | from 0 to 1
            attack.steps                | 0            | from 1 to 1000
            attack.epsilonWarmUp        | -1           | at least 0
            evaluation.epsilon          | 1.01         | from 0 to 1
            evaluation.stepSize         | -1           | at least 0
            evaluation.steps            | 1001         | from 1 to 1000
            evaluation.every            | 0            | at least 1
            evaluation.every            | 7            | a multiple of publishing.interval = 5
            optimizer.momentum          | 1.1          | from 0 to 1
            optimizer.weightDecay       | -1           | at least 0
            optimizer.learningRate      | -0.1         | at least 0
            optimizer.warmUp            | -1           | at least 0
            optimizer.schedule          | linear       | constant, cosine, piecewise
            optimizer.milestones        | [3]          | one or more where optimizer.schedule is piecewise, else none
            optimizer.factor            | 2            | from 0 to 1
            publishing.interval         | 0            | at least 1
            publishing.checkpointEvery  | 0            | at least 1
            publishing.checkpointsKept  | 0            | at least 1
            order                       | random       | number, arrival
            delivery                    | post         | group, queue
            log                         | none         | trim, keep
            optimizer.notFinite         | train        | stop, refuse
            staleness.exactly           | -2           | from -1 to 10000
            staleness.refreshSteps      | 0            | from 1 to 1000
            staleness.refreshAbove      | -2           | from -1 to 10000
            staleness.atMost            | -1           | at least 0
            staleness.policy            | keep         | train, refresh, drop
            staleness.craftAfterSeconds | 0            | at least 1
            """)
    void badValuesNameTheKeyTheValueAndWhatIsAllowed(String key, String value, String allowed) {
        String shown = value.equals("\"4\"") ? "4" : value;
        refused(() -> RunKeys.run(Map.of(key, value)), key + ": '" + shown + "' is not allowed; allowed: " + allowed);
    }

    @Test
    void anEmptyOptionIsNoValue() {
        refused(() -> RunKeys.run(Map.of("seed", "")), "seed: '' is not allowed; allowed: a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a/b", "a b", "ä"})
    void namesThatKafkaWouldNotTakeForATopicAreRefused(String name) {
        refused(() -> RunKeys.run(Map.of("run", name)), "run: '" + name + "' is not allowed; "
                + "allowed: up to 100 letters, digits, dots, dashes and underscores, a letter or digit first");
    }

    @Test
    void valuesThatDoNotGoTogetherAreRefused() {
        refused(() -> RunKeys.run(Map.of("staleness.atMost", "3")), "staleness.atMost: '3' is not allowed; "
                + "allowed: at least publishing.interval - 1 = 4, else attackers and trainer wait for each other");
        refused(() -> RunKeys.run(Map.of("data.batches", "0")),
                "optimizer.schedule: 'cosine' is not allowed; allowed: constant or piecewise where data.batches is 0 (endless)");
        refused(() -> RunKeys.run(Map.of("optimizer.schedule", "piecewise")), "optimizer.milestones: '[]' is not allowed; "
                + "allowed: one or more where optimizer.schedule is piecewise, else none");
        for (String milestones : List.of("[800, 400]", "[400, 400]")) {
            refused(() -> RunKeys.run(Map.of("optimizer.schedule", "piecewise", "optimizer.milestones", milestones)),
                    "optimizer.milestones: '" + milestones + "' is not allowed; allowed: ascending batch numbers");
        }
        refused(() -> RunKeys.run(Map.of("network.mean", "[0.5]", "network.deviation", "[0.0]")),
                "network.deviation: '[0.0]' is not allowed; allowed: values above 0");
    }

    @Test
    void numbersThatDoNotFitNameTheKeyAndTheRange() {
        assertThatIllegalArgumentException().isThrownBy(() -> RunKeys.run(Map.of("network.width", "99999999999")))
                .withMessageStartingWith("network.width: ").withMessageContaining("99999999999")
                .withMessageContaining("(-2147483648 - 2147483647)");
        assertThatIllegalArgumentException().isThrownBy(() -> RunKeys.run(Map.of("optimizer.milestones", "[1.5]")))
                .withMessageStartingWith("optimizer.milestones: ").withMessageContaining("1.5");
        assertThatIllegalArgumentException().isThrownBy(() -> RunKeys.run(Map.of("optimizer.learningRate", "1.0e39")))
                .withMessage("optimizer.learningRate: 'Infinity' is not allowed; allowed: at least 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024_01", "007", "yes", "null", "1e3", "0x10"})
    void textInOptionsAndEnvironmentStaysAsItIsWritten(String name) {
        assertThat(RunKeys.run(Map.of("run", name)).run()).isEqualTo(name);
        assertThat(RunFile.read(null, Map.of("SPARRING_RUN_RUN", name), Map.of()).run()).isEqualTo(name);
    }

    @Test
    void textThatYamlReadsAsSomethingElseIsRefusedInFiles() throws IOException {
        Path bare = file("run: 2024_01");
        refused(() -> RunFile.read(bare, Map.of(), Map.of()), "run: '202401' is not allowed; "
                + "allowed: text, in quotes where it would be read as something else");
        assertThat(RunFile.read(file("run: '2024_01'"), Map.of(), Map.of()).run()).isEqualTo("2024_01");
        Path nothing = file("run:");
        assertThatThrownBy(() -> RunFile.read(nothing, Map.of(), Map.of()))
                .hasMessageStartingWith("run: 'null' is not allowed; allowed: text");
    }

    @Test
    void aGroupTakesNoValueAndAKeyTakesNoGroup() throws IOException {
        for (String text : List.of("publishing: 5", "publishing:", "publishing: {}", "publishing: [interval]")) {
            Path file = file(text);
            refused(() -> RunFile.read(file, Map.of(), Map.of()), file
                    + ": key 'publishing' is a group and has no value of its own; "
                    + "allowed: publishing.checkpointEvery, publishing.checkpointsKept, publishing.interval");
        }
        Path file = file("seed: {a: 1}");
        refused(() -> RunFile.read(file, Map.of(), Map.of()), file + ": key 'seed.a' is not known; allowed: " + ALL_KEYS);
    }

    @Test
    void whatIsNoMapIsNoRunFile() throws IOException {
        for (String text : List.of("just text", "- a\n- b", "5")) {
            Path file = file(text);
            refused(() -> RunFile.read(file, Map.of(), Map.of()), file + ": a run file holds keys and values");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run: [", "run: a\n  seed: 2", "seed: 1\nseed: 2", "data: {lead: 70}\ndata: {lead: 80}",
        "seed: 1\n---\nseed: 2", "a: 'b"})
    void brokenOrAmbiguousYamlIsRefusedWithTheFilesName(String text) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> RunFile.read(file, Map.of(), Map.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": not a YAML file: ");
        assertThatThrownBy(() -> RunKeys.run(Map.of("seed", "["))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("option seed: '[' is not a value: ");
    }

    @Test
    void aMissingFileIsNamedWithTheReason() {
        Path missing = folder.resolve("missing.yaml");
        refused(() -> RunFile.read(missing, Map.of(), Map.of()),
                missing + ": cannot be read: java.nio.file.NoSuchFileException: " + missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "---\n", "null\n", "{}"})
    void aFileWithoutKeysLeavesTheDefaults(String text) throws IOException {
        assertThat(RunFile.read(file(text), Map.of(), Map.of())).isEqualTo(RunKeys.run(Map.of()));
    }

    @Test
    void jsonAndYamlGoRound() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            RunSpecification run = RunKeys.random(new Random(seed));
            assertThat(RunFile.fromJson(RunFile.toJson(run))).as("seed %d", seed).isEqualTo(run);
            assertThat(RunFile.read(file(RunFile.toYaml(run)), Map.of(), Map.of())).as("seed %d", seed).isEqualTo(run);
            assertThat(RunFile.differences(run, RunFile.fromJson(RunFile.toJson(run)))).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void aPublishedRunOfAnOlderReleaseHasTheDefaultsOfKeysThatItDoesNotKnow() {
        assertThat(RunFile.fromJson("{\"seed\": 5, \"attack\": {\"steps\": 3}}"))
                .isEqualTo(RunKeys.run(Map.of("seed", "5", "attack.steps", "3")));
        refused(() -> RunFile.fromJson("{\"later\": 5}"), "published run: key 'later' is not known; allowed: " + ALL_KEYS);
        refused(() -> RunFile.fromJson("[]"), "published run: a run file holds keys and values");
        assertThatThrownBy(() -> RunFile.fromJson("{\"seed\": ")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("published run: not a JSON document: ");
    }

    @Test
    void differencesNamesAllKeysThatDiffer() {
        RunSpecification other = RunKeys.run(Map.of("seed", "9", "data.lead", "65", "attack.epsilon", "0.2"));
        assertThat(RunFile.differences(RunKeys.run(Map.of()), other))
                .containsExactlyInAnyOrder("seed", "data.lead", "attack.epsilon");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "run", ".yaml"), text);
    }

    private static void refused(Runnable reading, String message) {
        assertThatThrownBy(reading::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }
}
