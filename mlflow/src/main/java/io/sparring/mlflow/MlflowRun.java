package io.sparring.mlflow;

import io.sparring.cli.RunCurves.Point;
import io.sparring.mlflow.MlflowServer.Found;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One incarnation of a run as a run on an MLflow server. How far each topic has been logged is a tag that goes with the points,
 * so who begins again goes on behind them. Used by one thread.
 */
final class MlflowRun {

    /** Tags by which it is found again. */
    static final String IDENTITY = "sparring.id";
    static final String INCARNATION = "sparring.incarnation";
    /** Tag with the last offset logged of each topic. */
    static final String LOGGED = "sparring.logged";

    /** What the server takes at once. */
    private static final int MOST_POINTS = 1_000;
    private static final int MOST_PARAMETERS = 100;
    private static final int LONGEST = 5_000;

    private final MlflowServer server;
    private final String id;
    private final Map<String, Long> logged = new TreeMap<>();
    private final List<Point> pending = new ArrayList<>();
    private boolean changed;

    private MlflowRun(MlflowServer server, String id) {
        this.server = server;
        this.id = id;
    }

    /**
     * Finds it by the tags that identify it, or makes it.
     *
     * @param identity of the Sparring run, whichever name another has later
     * @param name of the Sparring run
     * @param begun when its first record is of
     */
    static MlflowRun open(MlflowServer server, String experiment, String identity, String name, int incarnation, Instant begun,
            Map<String, String> parameters) throws IOException {
        Map<String, String> tags = Map.of(IDENTITY, identity, INCARNATION, Integer.toString(incarnation));
        Found there = server.find(experiment, tags).orElse(null);
        if (there == null) {
            Map<String, String> all = new TreeMap<>(tags);
            all.put("sparring.run", name);
            there = new Found(server.create(experiment, name + "-" + incarnation, begun, all), all);
        }
        MlflowRun run = new MlflowRun(server, there.id());
        run.logged.putAll(offsets(there.tags().getOrDefault(LOGGED, "")));
        // whoever made it may have ended before it logged them; the server takes the same ones again
        List<Map.Entry<String, String>> left = new ArrayList<>(parameters.entrySet());
        while (!left.isEmpty()) {
            Map<String, String> some = new TreeMap<>();
            for (Map.Entry<String, String> each : left.subList(0, Math.min(MOST_PARAMETERS, left.size()))) {
                some.put(each.getKey(), shortened(each.getValue()));
            }
            server.log(run.id, List.of(), some, Map.of());
            left = left.subList(Math.min(MOST_PARAMETERS, left.size()), left.size());
        }
        return run;
    }

    /** What the server calls it. */
    String id() {
        return id;
    }

    /**
     * Takes the points of a record, unless they have been logged.
     *
     * @throws IOException if those before it cannot be logged, for now; then it is not taken
     */
    void add(String topic, long offset, List<Point> points) throws IOException {
        if (offset <= logged.getOrDefault(topic, -1L)) {
            return;
        }
        if (pending.size() + points.size() > MOST_POINTS) {
            flush();
        }
        pending.addAll(points);
        logged.put(topic, offset);
        changed = true;
    }

    /** Logs what has been taken; what cannot be is kept for the next time. */
    void flush() throws IOException {
        if (changed) {
            server.log(id, pending, Map.of(), Map.of(LOGGED, text(logged)));
            pending.clear();
            changed = false;
        }
    }

    void tag(Map<String, String> tags) throws IOException {
        Map<String, String> some = new TreeMap<>();
        tags.forEach((key, value) -> some.put(key, shortened(value)));
        server.log(id, List.of(), Map.of(), some);
    }

    void finish(Instant at) throws IOException {
        server.finish(id, at);
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST);
    }

    private static String text(Map<String, Long> offsets) {
        List<String> parts = new ArrayList<>();
        offsets.forEach((topic, offset) -> parts.add(topic + "=" + offset));
        return String.join(" ", parts);
    }

    private static Map<String, Long> offsets(String text) {
        Map<String, Long> offsets = new TreeMap<>();
        for (String part : text.isBlank() ? new String[0] : text.split(" ")) {
            int sign = part.lastIndexOf('=');
            try {
                offsets.put(part.substring(0, Math.max(0, sign)), Long.parseLong(part.substring(sign + 1)));
            } catch (NumberFormatException e) {
                throw new IllegalStateException("tag " + LOGGED + " of the MLflow run: '" + text
                        + "' is not one that Sparring writes", e);
            }
        }
        return offsets;
    }
}
