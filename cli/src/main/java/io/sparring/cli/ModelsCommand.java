package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Setting;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The weights that a run keeps. */
@Command(name = "models", mixinStandardHelpOptions = true, description = "Lists the newest updates and checkpoints that a run keeps, "
        + "with their accuracy as reported. `export --step` takes one out, `rollback --to` goes on from a checkpoint.")
final class ModelsCommand implements Callable<Integer> {

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20",
            description = "No more than the newest so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() {
        Setting.atLeast("--limit", limit, 1);
        KafkaSettings settings = kafka.settings();
        KeptModels models = KeptModels.of(settings, run.on(settings), limit);
        answer.print(document(models), lines(models));
        return 0;
    }

    private static Map<String, Object> document(KeptModels models) {
        List<Map<String, Object>> rows = new ArrayList<>();
        models.models().forEach((identity, model) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("incarnation", identity.incarnation());
            row.put("step", identity.step());
            row.put("nextBatch", model.nextBatch());
            row.put("update", model.updateBytes() > 0);
            row.put("bytes", model.updateBytes());
            row.put("sha256", model.sha256());
            row.put("checkpoint", model.checkpointBytes() > 0);
            row.put("checkpointBytes", model.checkpointBytes());
            row.put("createdAt", model.createdAt().toString());
            row.put("accuracy", models.accuracies(identity));
            row.put("champion", models.isChampion(identity));
            rows.add(row);
        });
        return Map.of("run", models.run(), "models", rows);
    }

    private static List<String> lines(KeptModels models) {
        if (models.models().isEmpty()) {
            return List.of("run " + models.run() + " has no weights yet");
        }
        List<String> head = new ArrayList<>(List.of("update", "next batch", "kB", "made at", "checkpoint"));
        head.addAll(models.attacks());
        head.add("");
        TextTable table = new TextTable(head.toArray(String[]::new));
        models.models().forEach((identity, model) -> {
            List<Object> row = new ArrayList<>(List.of(identity.key(), model.nextBatch(),
                    Math.round(Math.max(model.updateBytes(), model.checkpointBytes()) / 1000.0), model.createdAt(),
                    model.checkpointBytes() == 0 ? "no" : model.updateBytes() == 0 ? "alone" : "yes"));
            models.attacks().forEach(attack -> row.add(Answer.percent(models.accuracies(identity).get(attack))));
            row.add(models.isChampion(identity) ? "champion" : "");
            table.row(row.toArray());
        });
        return table.lines();
    }
}
