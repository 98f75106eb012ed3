package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.KafkaResources;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;

/** Holds the manifests, the schemas of their kinds, the image, the commands and the run together; needs no cluster. */
class KubernetesTest {

    private static final Path EXAMPLE = KubernetesFiles.FOLDER.resolve("overlays/example");

    private final KubernetesFiles files = KubernetesFiles.read();
    private final Map<String, PodTemplateSpec> pods = pods();
    private final RunSpecification run = RunFile.read(EXAMPLE.resolve("run.yaml"), Map.of(), Map.of());

    KubernetesTest() throws IOException {
    }

    @Test
    void everyManifestHasOnlyWhatItsKindHas() throws IOException {
        assertThat(files.manifests()).hasSizeGreaterThan(20);
        for (String wrong : List.of("spec: {replica: 2}", "spec: {template: {spec: {containers: [{name: a, portz: []}]}}}")) {
            JsonNode tree = KubernetesFiles.documents("apiVersion: apps/v1\nkind: Deployment\n" + wrong).get(0);
            assertThatThrownBy(() -> KubernetesFiles.strict("a test", tree)).hasMessageContainingAll("a test", "Unrecognized");
        }
        JsonNode user = KubernetesFiles.documents("{apiVersion: kafka.strimzi.io/v1, kind: KafkaUser, spec: {authorisation: {}}}")
                .get(0);
        assertThatThrownBy(() -> KubernetesFiles.strict("a test", user)).hasMessageContaining("authorisation");
    }

    @Test
    void kustomizationsNameEveryFileAndNoOther() {
        Set<Path> named = new TreeSet<>();
        files.documents().forEach((file, trees) -> {
            if (file.endsWith(KubernetesFiles.KUSTOMIZATION)) {
                named.add(file);
                for (JsonNode resource : trees.get(0).get("resources")) {
                    Path path = file.resolveSibling(resource.textValue()).normalize();
                    named.add(Files.isDirectory(path) ? path.resolve(KubernetesFiles.KUSTOMIZATION) : path);
                }
                trees.get(0).findValues("files").forEach(list -> list.forEach(name ->
                        named.add(file.resolveSibling(name.textValue()).normalize())));
            }
        });
        assertThat(named.stream().map(Path::normalize)).containsExactlyInAnyOrderElementsOf(
                files.documents().keySet().stream().map(Path::normalize).toList());
    }

    @Test
    void kustomizeMakesOfTheExampleWhatTheKindsHave() throws Exception {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl"))),
                "kubectl is not there, which has kustomize in it");
        Process process = new ProcessBuilder("kubectl", "kustomize", EXAMPLE.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<JsonNode> made = KubernetesFiles.documents(new String(process.getInputStream().readAllBytes()));
        assertThat(process.waitFor()).isZero();
        List<JsonNode> maps = made.stream().filter(tree -> tree.get("kind").textValue().equals("ConfigMap")).toList();
        assertThat(maps).hasSize(2);
        assertThat(made.stream().filter(tree -> !maps.contains(tree)).map(tree -> KubernetesFiles.strict("the example", tree)))
                .hasSameSizeAs(files.manifests());
        Set<String> names = maps.stream().map(map -> map.at("/metadata/name").textValue()).collect(Collectors.toSet());
        assertThat(made.stream().flatMap(tree -> Stream.concat(tree.findValues("configMap").stream(),
                tree.findValues("configMapRef").stream())).map(reference -> reference.get("name").textValue()))
                .isNotEmpty().allMatch(names::contains);
        assertThat(made).filteredOn(tree -> !tree.get("kind").textValue().equals("Namespace"))
                .allMatch(tree -> tree.at("/metadata/namespace").asText().equals("sparring"));
    }

    @Test
    void everyPodRunsACommandOfSparringsWithVariablesThatItKnows() {
        assertThat(pods).containsOnlyKeys("topics", "producer", "attacker", "trainer", "evaluator", "dashboard");
        Set<String> known = new TreeSet<>(ReferenceConfiguration.variableNames());
        known.addAll(Set.of("JAVA_TOOL_OPTIONS", "SPARRING_KAFKA_SASL_JAAS_CONFIG"));
        pods.forEach((name, pod) -> {
            Container container = container(pod);
            assertThat(container.getImage()).isEqualTo("sparring");
            assertThat(container.getArgs()).startsWith(name).endsWith("--run", "/runs/run.yaml");
            assertThat(Sparring.commandLine().parseArgs(container.getArgs().toArray(String[]::new)).hasSubcommand()).isTrue();
            assertThat(container.getEnv()).extracting(EnvVar::getName).isSubsetOf(known);
        });
        JsonNode literals = files.documents().get(KubernetesFiles.FOLDER.resolve("base/kustomization.yaml")).get(0)
                .at("/configMapGenerator/0/literals");
        assertThat(literals).hasSize(5).allSatisfy(literal -> assertThat(AdminClientConfig.configNames()).contains(literal.textValue()
                .split("=")[0].substring(KafkaSettings.ENVIRONMENT_PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.')));
    }

    @Test
    void podsAreAskedWhetherTheyAreWellWhereTheImageListens() throws IOException {
        String image = Files.readString(ComposeFile.ROOT.resolve("Dockerfile"));
        String served = Files.readString(ComposeFile.ROOT.resolve(
                "pipeline/src/main/java/io/sparring/pipeline/ServiceEndpoints.java"));
        String page = Files.readString(ComposeFile.ROOT.resolve(
                "dashboard/src/main/java/io/sparring/dashboard/PageRoutes.java"));
        pods.forEach((name, pod) -> {
            if (!name.equals("topics")) {
                Container container = container(pod);
                assertThat(container.getPorts()).singleElement().satisfies(port -> {
                    assertThat(port.getName()).isEqualTo("http");
                    assertThat(image).contains("SPARRING_HTTP_PORT=" + port.getContainerPort());
                });
                Map<String, Probe> probes = Map.of("/health/ready", container.getReadinessProbe(), "/health/live",
                        container.getLivenessProbe());
                probes.forEach((path, probe) -> {
                    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
                    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
                    assertThat(name.equals("dashboard") ? page : served).contains("\"" + path + "\"");
                });
                assertThat(container.getStartupProbe().getHttpGet()).isEqualTo(container.getLivenessProbe().getHttpGet());
                // as long as ServiceHost may take for service and endpoints
                assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isGreaterThan(50);
            }
        });
    }

    @Test
    void podsAreConfinedAndReferToWhatThereIs() {
        Set<String> users = files.manifests(KafkaUser.class).stream().map(user -> user.getMetadata().getName())
                .collect(Collectors.toSet());
        String authority = KafkaResources.clusterCaCertificateSecretName(kafka().getMetadata().getName());
        Set<String> accounts = names(ServiceAccount.class);
        Set<String> claims = names(PersistentVolumeClaim.class);
        pods.forEach((name, pod) -> {
            assertThat(pod.getSpec().getEnableServiceLinks()).as(name).isFalse();
            assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
            assertThat(accounts).contains(pod.getSpec().getServiceAccountName());
            assertThat(pod.getSpec().getSecurityContext().getRunAsUser()).isEqualTo(10001);
            assertThat(pod.getSpec().getSecurityContext().getRunAsNonRoot()).isTrue();
            Container container = container(pod);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            assertThat(container.getVolumeMounts()).extracting(mount -> mount.getName())
                    .containsExactlyElementsOf(pod.getSpec().getVolumes().stream().map(Volume::getName).toList());
            for (Volume volume : pod.getSpec().getVolumes()) {
                if (volume.getSecret() != null) {
                    assertThat(volume.getSecret().getSecretName()).isEqualTo(authority);
                } else if (volume.getPersistentVolumeClaim() != null) {
                    assertThat(claims).contains(volume.getPersistentVolumeClaim().getClaimName());
                } else if (volume.getConfigMap() != null) {
                    assertThat(volume.getConfigMap().getName()).isEqualTo("run");
                }
            }
            EnvVar password = container.getEnv().get(0);
            assertThat(password.getValueFrom().getSecretKeyRef().getName()).isEqualTo(name.equals("topics") ? "operator" : name)
                    .isIn(users);
        });
    }

    @Test
    void selectorsFindWhatTheyAreFor() {
        List<Deployment> deployments = files.manifests(Deployment.class);
        deployments.forEach(deployment -> assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels())
                .containsEntry("app.kubernetes.io/name", deployment.getMetadata().getName()));
        files.manifests(PodDisruptionBudget.class).forEach(budget -> assertThat(deployments)
                .filteredOn(deployment -> deployment.getSpec().getTemplate().getMetadata().getLabels().entrySet()
                        .containsAll(budget.getSpec().getSelector().getMatchLabels().entrySet()))
                .singleElement().satisfies(deployment -> assertThat(deployment.getSpec().getReplicas()).isGreaterThan(1)));
        PodMonitor monitor = files.manifests(PodMonitor.class).get(0);
        assertThat(monitor.getSpec().getSelector().getMatchExpressions().get(0).getValues())
                .containsExactlyInAnyOrder("producer", "attacker", "trainer", "evaluator");
        assertThat(monitor.getSpec().getPodMetricsEndpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.getPort()).isEqualTo("http");
            assertThat(endpoint.getPath()).isEqualTo("/metrics");
        });
        // what the alerts call the job
        assertThat(pods.get("trainer").getMetadata().getLabels()).containsEntry(monitor.getSpec().getJobLabel(), "sparring");
    }

    @Test
    void usersMayDoWhatTheGuideToSecuritySays() throws IOException {
        Map<String, Set<String>> said = new TreeMap<>();
        for (String[] command : SecurityGuide.read().aclCommands(run.run(), "x:1", Path.of("admin.properties"))) {
            Acls.of(command).forEach((user, acls) -> said.computeIfAbsent(user, any -> new TreeSet<>()).addAll(acls));
        }
        Map<String, Set<String>> given = new TreeMap<>();
        files.documents().get(EXAMPLE.resolve("users.yaml")).forEach(user ->
                given.put(user.at("/metadata/name").textValue(), Acls.of(user)));
        assertThat(files.manifests(KafkaUser.class)).allSatisfy(user -> assertThat(user.getMetadata().getLabels())
                .containsEntry("strimzi.io/cluster", kafka().getMetadata().getName()));
        assertThat(given).isEqualTo(said);
    }

    @Test
    void attackersAreScaledByMetricsThatThereAreUpToThePartitions() {
        ScaledObject.Spec scaled = files.manifests(ScaledObject.class).get(0).spec();
        assertThat(scaled.scaleTargetRef().name()).isEqualTo("attacker");
        assertThat(names(Deployment.class)).contains(scaled.scaleTargetRef().name());
        assertThat(scaled.maxReplicaCount()).isEqualTo(run.partitions());
        String query = scaled.triggers().get(0).metadata().get("query");
        PromQl expression = new PromQl(query);
        Set<String> series = ReferenceMetrics.series().values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        assertThat(expression.series()).isSubsetOf(series).contains("sparring_starvation_ratio", "sparring_crafting_seconds_sum");
        assertThat(expression.labels()).containsExactly("run");
        assertThat(query.split("run=\"" + run.run() + "\"")).hasSize(3);
    }

    @Test
    void theClusterHasSettingsThatKafkaKnowsAndTheRunIsTheOneThatComesWithSparring() {
        Map<String, Object> config = kafka().getSpec().getKafka().getConfig();
        assertThat(AbstractKafkaConfig.CONFIG_DEF.names()).containsAll(config.keySet());
        assertThat(config).containsEntry("message.max.bytes", KafkaSettings.LARGEST_RECORD)
                .containsEntry("replica.fetch.max.bytes", KafkaSettings.LARGEST_RECORD)
                .containsEntry("auto.create.topics.enable", false);
        assertThat(KafkaResources.bootstrapServiceName(kafka().getMetadata().getName()) + ":"
                + kafka().getSpec().getKafka().getListeners().get(0).getPort()).isEqualTo("kafka-kafka-bootstrap:9093");
        assertThat(run).isEqualTo(RunFile.read(ComposeFile.ROOT.resolve("runs/fashion-mnist.yaml"), Map.of(), Map.of()));
    }

    private Kafka kafka() {
        return files.manifests(Kafka.class).get(0);
    }

    private <T extends HasMetadata> Set<String> names(Class<T> kind) {
        return files.manifests(kind).stream().map(manifest -> manifest.getMetadata().getName()).collect(Collectors.toSet());
    }

    private static Container container(PodTemplateSpec pod) {
        assertThat(pod.getSpec().getContainers()).hasSize(1);
        return pod.getSpec().getContainers().get(0);
    }

    private Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> found = new LinkedHashMap<>();
        files.manifests(Job.class).forEach(job -> found.put(job.getMetadata().getName(), job.getSpec().getTemplate()));
        files.manifests(Deployment.class).forEach(deployment -> found.put(deployment.getMetadata().getName(),
                deployment.getSpec().getTemplate()));
        return found;
    }
}
