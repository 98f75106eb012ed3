package io.sparring.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The manifests in ops/kubernetes, as the classes of their kinds read them: a property that a kind does not have is an error. */
final class KubernetesFiles {

    static final Path FOLDER = ComposeFile.ROOT.resolve("ops/kubernetes");
    static final String KUSTOMIZATION = "kustomization.yaml";

    /** By API version and kind. */
    private static final Map<String, Class<?>> KINDS = Map.ofEntries(
            Map.entry("v1 Namespace", Namespace.class), Map.entry("v1 Service", Service.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("v1 PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("apps/v1 Deployment", Deployment.class), Map.entry("batch/v1 Job", Job.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("monitoring.coreos.com/v1 PodMonitor", PodMonitor.class),
            Map.entry("kafka.strimzi.io/v1 Kafka", Kafka.class),
            Map.entry("kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class),
            Map.entry("kafka.strimzi.io/v1 KafkaUser", KafkaUser.class),
            Map.entry("keda.sh/v1alpha1 ScaledObject", ScaledObject.class));

    private static final ObjectMapper STRICT = new YAMLMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .setAnnotationIntrospector(new WithoutAnySetters());

    private final Map<Path, List<JsonNode>> documents = new LinkedHashMap<>();

    private KubernetesFiles() {
    }

    static KubernetesFiles read() throws IOException {
        KubernetesFiles files = new KubernetesFiles();
        try (Stream<Path> found = Files.walk(FOLDER)) {
            for (Path file : found.filter(path -> path.toString().endsWith(".yaml")).sorted().toList()) {
                files.documents.put(file, documents(Files.readString(file)));
            }
        }
        return files;
    }

    /** The documents of a text in YAML. */
    static List<JsonNode> documents(String text) throws IOException {
        try (var values = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            return values.readAll();
        }
    }

    /** All files, the run's and the kustomizations too. */
    Map<Path, List<JsonNode>> documents() {
        return documents;
    }

    /** What each manifest is, as the class of its kind reads it. */
    List<Object> manifests() {
        List<Object> manifests = new ArrayList<>();
        documents.forEach((file, trees) -> trees.stream().filter(tree -> tree.has("kind")
                && !tree.get("kind").textValue().equals("Kustomization")).forEach(tree -> manifests.add(strict(file, tree))));
        return manifests;
    }

    <T> List<T> manifests(Class<T> kind) {
        return manifests().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    static Object strict(Object where, JsonNode tree) {
        String kind = tree.path("apiVersion").asText() + " " + tree.path("kind").asText();
        if (!KINDS.containsKey(kind)) {
            throw new AssertionError(where + ": " + kind + "; allowed: " + KINDS.keySet());
        }
        try {
            return STRICT.treeToValue(tree, KINDS.get(kind));
        } catch (IOException e) {
            throw new UncheckedIOException(where + ": " + e.getMessage(), e);
        }
    }

    /** These classes would otherwise take any property that they do not know, and keep it. */
    private static final class WithoutAnySetters extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
