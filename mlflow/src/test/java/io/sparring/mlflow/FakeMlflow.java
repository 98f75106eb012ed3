package io.sparring.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of an MLflow tracking server that runs are logged to, over HTTP. It refuses what MLflow refuses. */
final class FakeMlflow implements AutoCloseable {

    private static final String API = "/api/2.0/mlflow/";
    private static final Pattern TAG = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'");

    /** A run as it has been logged. */
    static final class Run {

        final Map<String, String> tags = new TreeMap<>();
        final Map<String, String> parameters = new TreeMap<>();
        /** In the order in which they came, each as {@code key@step=value}. */
        final List<String> metrics = new ArrayList<>();
        String name;
        String status = "RUNNING";
    }

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final List<String> authorizations = new ArrayList<>();
    private int failures;

    FakeMlflow() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<Run> runs() {
        return List.copyOf(runs.values());
    }

    synchronized Map<String, String> experiments() {
        return Map.copyOf(experiments);
    }

    /** The header of each request that had one. */
    synchronized List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** The next so many requests to log are answered with 503. */
    synchronized void fail(int requests) {
        failures = requests;
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        JsonNode body = json.readTree(exchange.getRequestBody());
        if (exchange.getRequestHeaders().containsKey("Authorization")) {
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
        }
        if (!path.startsWith(API)) {
            send(exchange, 404, json.createObjectNode());
            return;
        }
        switch (path.substring(API.length())) {
            case "experiments/get-by-name" -> {
                String name = exchange.getRequestURI().getQuery().substring("experiment_name=".length());
                ObjectNode found = json.createObjectNode();
                found.putObject("experiment").put("experiment_id", experiments.get(name));
                send(exchange, experiments.containsKey(name) ? 200 : 404, found);
            }
            case "experiments/create" -> {
                experiments.put(body.get("name").asText(), Integer.toString(experiments.size() + 1));
                send(exchange, 200, json.createObjectNode().put("experiment_id", experiments.get(body.get("name").asText())));
            }
            case "runs/search" -> send(exchange, 200, found(body.get("filter").asText()));
            case "runs/create" -> {
                Run run = new Run();
                run.name = body.get("run_name").asText();
                entries(body.get("tags"), run.tags);
                String id = "run" + (runs.size() + 1);
                runs.put(id, run);
                ObjectNode made = json.createObjectNode();
                made.putObject("run").putObject("info").put("run_id", id);
                send(exchange, 200, made);
            }
            case "runs/log-batch" -> send(exchange, failures-- > 0 ? 503 : log(body), json.createObjectNode());
            case "runs/update" -> {
                runs.get(body.get("run_id").asText()).status = body.get("status").asText();
                send(exchange, 200, json.createObjectNode());
            }
            default -> send(exchange, 404, json.createObjectNode().put("error_code", "ENDPOINT_NOT_FOUND"));
        }
    }

    private ObjectNode found(String filter) {
        Map<String, String> wanted = new TreeMap<>();
        for (Matcher tag = TAG.matcher(filter); tag.find(); ) {
            wanted.put(tag.group(1), tag.group(2));
        }
        ObjectNode answer = json.createObjectNode();
        runs.forEach((id, run) -> {
            if (run.tags.entrySet().containsAll(wanted.entrySet())) {
                ObjectNode found = answer.withArray("runs").addObject();
                found.putObject("info").put("run_id", id);
                ObjectNode data = found.putObject("data");
                run.tags.forEach((key, value) -> data.withArray("tags").addObject().put("key", key).put("value", value));
            }
        });
        return answer;
    }

    private int log(JsonNode body) {
        Run run = runs.get(body.get("run_id").asText());
        if (run == null || body.get("metrics").size() > 1000 || body.get("params").size() > 100) {
            return 400;
        }
        Map<String, String> given = new TreeMap<>();
        entries(body.get("params"), given);
        // a parameter never changes
        if (given.entrySet().stream().anyMatch(entry -> run.parameters.containsKey(entry.getKey())
                && !run.parameters.get(entry.getKey()).equals(entry.getValue()))) {
            return 400;
        }
        run.parameters.putAll(given);
        entries(body.get("tags"), run.tags);
        body.get("metrics").forEach(metric -> run.metrics.add(metric.get("key").asText() + "@" + metric.get("step").asLong() + "="
                + metric.get("value").asText()));
        return 200;
    }

    private static void entries(JsonNode from, Map<String, String> into) {
        from.forEach(entry -> into.put(entry.get("key").asText(), entry.get("value").asText()));
    }

    private static void send(HttpExchange exchange, int status, ObjectNode answer) throws IOException {
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
