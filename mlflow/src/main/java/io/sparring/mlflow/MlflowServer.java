package io.sparring.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sparring.cli.RunCurves.Point;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An MLflow tracking server, by its REST API 2.0. Methods throw an {@link IOException} if it is away or too busy, which passes,
 * and an {@link IllegalStateException} if it refuses.
 */
final class MlflowServer {

    private static final String API = "/api/2.0/mlflow/";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI address;
    private final Optional<String> authorization;

    /** What a run on the server is called there, and the tags that it has. */
    record Found(String id, Map<String, String> tags) {
    }

    /**
     * @param uri http or https, without the API's path
     * @param environment of the variables that MLflow's own clients take a password or a token from
     */
    MlflowServer(String uri, Map<String, String> environment) {
        this.address = address(uri);
        this.authorization = authorization(environment);
    }

    private static URI address(String uri) {
        try {
            URI address = URI.create(uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("--tracking-uri: '" + uri
                + "' is not allowed; allowed: a tracking server's address, such as http://mlflow:5000");
    }

    private static Optional<String> authorization(Map<String, String> environment) {
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        if (user != null) {
            String both = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        return Optional.ofNullable(token).map(bearer -> "Bearer " + bearer);
    }

    /** The id of the experiment of that name, which is made if there is none. */
    String experiment(String name) throws IOException {
        Optional<JsonNode> there = send(request("experiments/get-by-name?experiment_name="
                + URLEncoder.encode(name, StandardCharsets.UTF_8)).GET().build());
        if (there.isPresent()) {
            return there.get().at("/experiment/experiment_id").asText();
        }
        return post("experiments/create", json.createObjectNode().put("name", name)).get("experiment_id").asText();
    }

    /** A run of the experiment that has all of these tags. */
    Optional<Found> find(String experiment, Map<String, String> tags) throws IOException {
        ObjectNode search = json.createObjectNode().put("max_results", 1);
        search.putArray("experiment_ids").add(experiment);
        String filter = new TreeMap<>(tags).entrySet().stream()
                .map(tag -> "tags.`" + tag.getKey() + "` = '" + tag.getValue() + "'").collect(Collectors.joining(" and "));
        JsonNode run = post("runs/search", search.put("filter", filter)).at("/runs/0");
        if (run.isMissingNode()) {
            return Optional.empty();
        }
        Map<String, String> its = new TreeMap<>();
        run.at("/data/tags").forEach(tag -> its.put(tag.get("key").asText(), tag.get("value").asText()));
        return Optional.of(new Found(run.at("/info/run_id").asText(), its));
    }

    /** Makes a run; its id. */
    String create(String experiment, String name, Instant begun, Map<String, String> tags) throws IOException {
        ObjectNode run = json.createObjectNode().put("experiment_id", experiment).put("run_name", name)
                .put("start_time", begun.toEpochMilli());
        entries(run.putArray("tags"), tags);
        return post("runs/create", run).at("/run/info/run_id").asText();
    }

    /** Logs at most 1,000 points, 100 parameters and 100 tags at once. */
    void log(String run, List<Point> points, Map<String, String> parameters, Map<String, String> tags) throws IOException {
        ObjectNode batch = json.createObjectNode().put("run_id", run);
        ArrayNode metrics = batch.putArray("metrics");
        for (Point point : points) {
            ObjectNode metric = metrics.addObject().put("key", point.tag()).put("timestamp", point.at().toEpochMilli())
                    .put("step", point.step());
            if (Float.isFinite(point.value())) {
                metric.put("value", point.value());
            } else {
                // as protobuf's JSON has it
                metric.put("value", Float.toString(point.value()));
            }
        }
        entries(batch.putArray("params"), parameters);
        entries(batch.putArray("tags"), tags);
        post("runs/log-batch", batch);
    }

    /** Says that nothing more is to come. */
    void finish(String run, Instant at) throws IOException {
        post("runs/update", json.createObjectNode().put("run_id", run).put("status", "FINISHED")
                .put("end_time", at.toEpochMilli()));
    }

    private static void entries(ArrayNode array, Map<String, String> entries) {
        entries.forEach((key, value) -> array.addObject().put("key", key).put("value", value));
    }

    private JsonNode post(String path, ObjectNode body) throws IOException {
        return send(request(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString())).build()).orElseThrow(() -> new IllegalStateException("MLflow at "
                        + address + " has nothing at " + API + path + "; is that its address?"));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + API + path)).timeout(PATIENCE);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request;
    }

    /** The answer, or nothing if there is no such thing. */
    private Optional<JsonNode> send(HttpRequest request) throws IOException {
        HttpResponse<String> response;
        try {
            response = http.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        int status = response.statusCode();
        if (status == NOT_FOUND) {
            return Optional.empty();
        } else if (status >= SERVER_ERROR || status == TOO_MANY) {
            throw new IOException("HTTP " + status + " " + response.body());
        } else if (status != OK) {
            throw new IllegalStateException("MLflow at " + address + " refuses " + request.uri().getPath() + ": HTTP " + status
                    + " " + response.body());
        }
        return Optional.of(json.readTree(response.body()));
    }
}
