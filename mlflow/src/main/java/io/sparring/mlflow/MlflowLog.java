package io.sparring.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.cli.RunCurves;
import io.sparring.cli.RunCurves.Point;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.TrainingStep;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Logs a run's records to MLflow: a run there for each incarnation, since a new one goes back in steps; the run file as
 * parameters, curves as metrics by step, and what it has come to as tags. Used by one thread.
 */
final class MlflowLog {

    /** Tag with what the model is, as JSON; there once the run has ended. */
    static final String MODEL = "sparring.model_info";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MlflowServer server;
    private final String experiment;
    private final String identity;
    private final PublishedProgram published;
    private final RunSpecification run;
    private final RunCurves curves;
    private final TrainedModel model;
    private final Map<Integer, MlflowRun> incarnations = new TreeMap<>();
    private String told = "";

    /**
     * @param experiment its id on the server
     * @param identity no other run has, though it have the same name
     */
    MlflowLog(MlflowServer server, String experiment, String identity, PublishedProgram published) {
        this.server = server;
        this.experiment = experiment;
        this.identity = identity;
        this.published = published;
        // parameters cannot change there; what is changed later shows in the metrics
        this.run = published.versions().all().get(0).specification();
        this.curves = new RunCurves(run.run());
        this.model = new TrainedModel(run);
    }

    /**
     * Takes a record.
     *
     * @throws IOException if the server is away; then it may be given again
     */
    void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
        SpecificRecord read = curves.read(record);
        List<Point> points = RunCurves.points(read);
        if (!points.isEmpty()) {
            incarnation(points.get(0)).add(record.topic(), record.offset(), points);
        }
        model.add(read);
    }

    private MlflowRun incarnation(Point first) throws IOException {
        MlflowRun there = incarnations.get(first.incarnation());
        if (there == null) {
            there = MlflowRun.open(server, experiment, identity, run.run(), first.incarnation(), first.at(), parameters(run));
            incarnations.put(first.incarnation(), there);
        }
        return there;
    }

    /** Logs what is there, and the model once the run has ended. */
    void flush() throws IOException {
        for (MlflowRun each : incarnations.values()) {
            each.flush();
        }
        TrainingStep last = model.finished().orElse(null);
        if (last == null || !incarnations.containsKey(last.getIncarnation())) {
            return;
        }
        String described = description(last);
        if (!described.equals(told)) {
            MlflowRun its = incarnations.get(last.getIncarnation());
            its.tag(Map.of(MODEL, described, "sparring.model.update", last.getIncarnation() + "/" + last.getStep(),
                    "sparring.model.sha256", last.getWeightsSha256()));
            its.finish(last.getTrainedAt());
            told = described;
        }
    }

    /** The MLflow runs that have been logged to. */
    List<String> runs() {
        return incarnations.values().stream().map(MlflowRun::id).toList();
    }

    private String description(TrainingStep last) {
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("run", run.run());
        description.put("incarnation", last.getIncarnation());
        description.put("step", last.getStep());
        description.put("weightsSha256", last.getWeightsSha256());
        description.put("programSha256", published.programSha256());
        description.put("dataset", run.data().name());
        description.put("network", run.network().name());
        description.put("norm", run.attack().norm());
        description.put("epsilon", run.evaluation().epsilon());
        description.put("accuracies", model.its(last));
        try {
            return JSON.writeValueAsString(description);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The keys of a run file as the command line has them, {@code attack.steps} and so on. */
    static Map<String, String> parameters(RunSpecification run) {
        Map<String, String> parameters = new TreeMap<>();
        try {
            flatten("", JSON.readTree(RunFile.toJson(run)), parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return parameters;
    }

    private static void flatten(String name, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties().forEach(field ->
                    flatten(name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue(), into));
        } else {
            into.put(name, node.isTextual() ? node.textValue() : node.toString());
        }
    }
}
