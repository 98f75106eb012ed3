package io.sparring.registry;

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

/** The part of an Apicurio registry that registers schemas and gives them back, over HTTP. */
final class FakeRegistry implements AutoCloseable {

    private static final String API = "/apis/registry/v3";
    private static final int FIRST = 1000;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    /** By content id, counted from {@link #FIRST}. */
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, String> artifacts = new LinkedHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private int status = 200;

    FakeRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + API;
    }

    /** From now on it answers with this status alone; 200 for as usual. */
    synchronized void answerWith(int answer) {
        status = answer;
    }

    /** The schema of each artifact, by its name. */
    synchronized Map<String, String> artifacts() {
        return Map.copyOf(artifacts);
    }

    /** Method and path of each. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    /** Registers one that somebody else's program has written records with. */
    synchronized int add(String schema) {
        if (!schemas.contains(schema)) {
            schemas.add(schema);
        }
        return FIRST + schemas.indexOf(schema);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        if (status != 200) {
            send(exchange, status, "{\"detail\": \"as told\", \"status\": " + status + "}");
        } else if (path.equals(API + "/groups/default/artifacts")) {
            JsonNode artifact = json.readTree(exchange.getRequestBody());
            String schema = artifact.at("/firstVersion/content/content").asText();
            artifacts.put(artifact.get("artifactId").asText(), schema);
            ObjectNode answer = json.createObjectNode();
            answer.putObject("version").put("globalId", 1).put("contentId", add(schema)).put("groupId", "default")
                    .put("artifactId", artifact.get("artifactId").asText()).put("version", "1");
            send(exchange, 200, answer.toString());
        } else if (path.matches(API + "/ids/contentIds/\\d+/references")) {
            send(exchange, 200, "[]");
        } else if (path.matches(API + "/ids/contentIds/\\d+")) {
            int number = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)) - FIRST;
            boolean known = number >= 0 && number < schemas.size();
            send(exchange, known ? 200 : 404, known ? schemas.get(number) : "{\"detail\": \"none of that\", \"status\": 404}");
        } else {
            send(exchange, 404, "{\"detail\": \"" + path + " is not faked\", \"status\": 404}");
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
