package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Holds the compose file, the images, the run files and the commands together; needs no engine. */
class ComposeTest {

    private static final Path THREE_BROKERS = ComposeFile.ROOT.resolve("ops/compose/three-brokers.env");
    /** What the official image of Kafka makes broker settings of. */
    private static final String BROKER_PREFIX = "KAFKA_";

    private final ComposeFile compose = ComposeFile.read(Map.of());

    ComposeTest() throws IOException {
    }

    @Test
    void everyCommandIsOneOfSparringsAndEveryRunFileCanBeRead() {
        compose.ours().forEach((name, service) -> {
            String[] words = service.get("command").toString().split(" ");
            List<String> commands = new ArrayList<>();
            CommandLine.ParseResult result = Sparring.commandLine().parseArgs(words);
            while (result.hasSubcommand()) {
                result = result.subcommand();
                commands.add(result.commandSpec().name());
            }
            assertThat(name.replace("-gpu", "")).isEqualTo(commands.get(0));
            String file = words[List.of(words).indexOf("--run") + 1];
            assertThat(file).startsWith("/runs/");
            assertThat(RunFile.read(ComposeFile.ROOT.resolve(file.substring(1)), Map.of(), Map.of())).isNotNull();
            assertThat(ComposeFile.list(service.get("volumes"))).contains("./runs:/runs:ro");
        });
        assertThat(compose.ours()).containsOnlyKeys("topics", "producer", "attacker", "trainer", "evaluator", "dashboard",
                "attacker-gpu", "trainer-gpu");
    }

    @Test
    void everyVariableOfTheServicesIsOneThatTheyKnow() throws IOException {
        Set<String> known = ReferenceConfiguration.variableNames();
        compose.ours().forEach((name, service) -> assertThat(ComposeFile.map(service.get("environment")).keySet()).as(name)
                .allMatch(variable -> known.contains(variable) || variable.startsWith(KafkaSettings.ENVIRONMENT_PREFIX)));
        for (String file : List.of("Dockerfile", "ops/docker/gpu.Dockerfile")) {
            Matcher matcher = Pattern.compile("\\b(SPARRING_\\w+)=").matcher(Files.readString(ComposeFile.ROOT.resolve(file)));
            while (matcher.find()) {
                assertThat(known).as(file).contains(matcher.group(1));
            }
        }
    }

    @Test
    void brokersHaveSettingsThatKafkaKnows() {
        compose.services().forEach((name, service) -> {
            Map<String, Object> settings = new TreeMap<>();
            ComposeFile.map(service.get("environment")).forEach((variable, value) -> {
                if (variable.startsWith(BROKER_PREFIX)) {
                    settings.put(variable.substring(BROKER_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
                }
            });
            if (!settings.isEmpty()) {
                assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).as(name).containsAll(settings.keySet());
                assertThat(settings.get("message.max.bytes")).isEqualTo(KafkaSettings.LARGEST_RECORD);
                assertThat(settings.get("replica.fetch.max.bytes")).isEqualTo(KafkaSettings.LARGEST_RECORD);
                assertThat(settings.get("advertised.listeners")).isEqualTo("CLIENTS://" + name + ":9092");
            }
        });
    }

    @Test
    void whatServicesReferToIsThere() {
        Set<String> names = compose.services().keySet();
        compose.services().forEach((name, service) -> {
            assertThat(ComposeFile.map(service.get("depends_on")).keySet()).as(name).isSubsetOf(names);
            assertThat(service).as(name).containsKey("healthcheck");
            for (String volume : ComposeFile.list(service.get("volumes"))) {
                String source = volume.split(":")[0];
                assertThat(source.startsWith("./") ? Files.exists(ComposeFile.ROOT.resolve(source))
                        : compose.volumes().contains(source)).as("%s: %s", name, volume).isTrue();
            }
        });
    }

    @Test
    void threeBrokersAreAClusterOfWhatTheFileHas() throws IOException {
        Properties values = new Properties();
        values.load(new StringReader(Files.readString(THREE_BROKERS)));
        Map<String, String> variables = new TreeMap<>();
        values.forEach((name, value) -> variables.put(name.toString(), value.toString()));
        Set<String> used = new TreeSet<>(variables.keySet());
        used.remove("COMPOSE_PROFILES");
        assertThat(compose.variables()).containsAll(used);
        List<String> brokers = List.of("kafka", "kafka-2", "kafka-3");
        ComposeFile cluster = ComposeFile.read(variables);
        for (String broker : brokers) {
            Map<String, Object> environment = ComposeFile.map(cluster.services().get(broker).get("environment"));
            assertThat(environment.get("KAFKA_CONTROLLER_QUORUM_VOTERS").toString().split(","))
                    .contains(environment.get("KAFKA_NODE_ID") + "@" + broker + ":9093").hasSize(brokers.size());
            assertThat(environment).containsEntry("KAFKA_DEFAULT_REPLICATION_FACTOR", 3).containsKey("CLUSTER_ID");
            assertThat(ComposeFile.list(cluster.services().get(broker).get("profiles")))
                    .isEqualTo(broker.equals("kafka") ? List.of() : List.of(variables.get("COMPOSE_PROFILES")));
        }
        assertThat(ComposeFile.map(cluster.ours().get("trainer").get("environment")))
                .containsEntry("SPARRING_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092,kafka-2:9092,kafka-3:9092");
    }

    @Test
    void imagesHaveTheClassTheFoldersAndThePort() throws Exception {
        for (String file : List.of("Dockerfile", "ops/docker/gpu.Dockerfile")) {
            String text = Files.readString(ComposeFile.ROOT.resolve(file));
            Matcher main = Pattern.compile("\"(io\\.sparring\\.[\\w.]+)\"").matcher(text);
            assertThat(main.find()).as(file).isTrue();
            assertThat(Class.forName(main.group(1)).getMethod("main", String[].class)).isNotNull();
            assertThat(text).as(file).contains("EXPOSE 8080", "SPARRING_HTTP_PORT=8080", "SPARRING_HTTP_HOST=0.0.0.0", "--uid 10001",
                    "/sparring/runs", "/home/sparring/.cache/sparring");
        }
        assertThat(Files.readString(ComposeFile.ROOT.resolve("ops/docker/gpu.Dockerfile"))).contains("-Dgpu ");
        compose.ours().forEach((name, service) -> assertThat(service.get("healthcheck").toString())
                .satisfiesAnyOf(check -> assertThat(check).contains("localhost/8080", "/health/ready"),
                        check -> assertThat(check).contains("disable=true")));
    }

    @Test
    void prometheusFindsEveryService() throws IOException {
        JsonNode targets = new YAMLMapper().readTree(ComposeFile.ROOT.resolve("ops/prometheus/prometheus.yaml").toFile())
                .at("/scrape_configs/0/dns_sd_configs/0");
        Set<String> scraped = new TreeSet<>();
        targets.get("names").forEach(name -> scraped.add(name.textValue()));
        Set<String> served = new TreeSet<>(compose.ours().keySet());
        served.removeAll(Set.of("topics", "dashboard"));
        assertThat(scraped).isEqualTo(served);
        assertThat(targets.get("port").intValue()).isEqualTo(8080);
        assertThat(Files.readString(ComposeFile.ROOT.resolve("ops/grafana/provisioning/datasources/prometheus.yaml")))
                .contains("http://prometheus:9090", "uid: prometheus");
    }

    @Test
    void theGuideTellsOfEveryVariableAndProfile() throws IOException {
        String guide = Files.readString(ComposeFile.ROOT.resolve("docs/docker.md"));
        assertThat(guide).contains(compose.variables().stream().map(name -> "`" + name + "`").toList());
        assertThat(compose.services().values()).flatExtracting(service -> ComposeFile.list(service.get("profiles")))
                .isNotEmpty().allSatisfy(profile -> assertThat(guide).contains("`" + profile + "`"));
    }
}
