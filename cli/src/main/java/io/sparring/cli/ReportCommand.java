package io.sparring.cli;

import io.sparring.dashboard.MeasuredConfusions;
import io.sparring.dashboard.ReportedRun;
import io.sparring.dashboard.RunReport;
import io.sparring.learning.ExecutionSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import io.sparring.producer.DataSets;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.Sample;
import io.sparring.schemas.TrainingStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a report of a run. */
@Command(name = "report", mixinStandardHelpOptions = true, description = "Writes a report of a run as one HTML page that needs "
        + "nothing else: curves, every figure of every version, images with their perturbations, confusion matrices. It reads "
        + "the run's topics and attacks held-out images with one of its updates.")
final class ReportCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ReportCommand.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private NamedRun run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--output", paramLabel = "FILE", defaultValue = "report.html",
            description = "The page, which takes the place of one that is there (default: ${DEFAULT-VALUE}).")
    private Path output;

    @Option(names = "--images", paramLabel = "N", defaultValue = "1000",
            description = "How many held-out images the confusion matrices are of, in whole batches from the first; 0 for no "
                    + "matrices (default: ${DEFAULT-VALUE}).")
    private int images;

    @Mixin
    private UpdateOption update;

    @Mixin
    private ProgramOptions program;

    @Mixin
    private ExecutionOptions execution;

    @Override
    public Integer call() throws IOException {
        check();
        ExecutionSettings computing = execution.settings();
        ProgramPin pin = program.pin();
        KafkaSettings settings = kafka.settings();
        String name = run.on(settings);
        PublishedProgram published = RunRegistry.read(settings, name).orElseThrow(() -> noSteps(name));
        RunReport report = new RunReport(new ReportedRun(published.specification(), published.versions().newest().version(),
                published.programSha256(), DataSets.classNames(published.specification().data().name()), ReleaseVersion.read()));
        CommittedRecords records = new CommittedRecords(settings, name);
        read(records, RunTopic.TRAINING_STEPS, TrainingStep.class, report::add);
        if (!report.hasSteps()) {
            throw noSteps(name);
        }
        read(records, RunTopic.ROBUSTNESS, Robustness.class, report::add);
        readIfThere(settings, records, RunTopic.PREQUENTIAL, PrequentialWindow.class, report::add);
        readIfThere(settings, records, RunTopic.SAMPLES, Sample.class, report::add);
        Optional<MeasuredConfusions> confusions = images == 0 ? Optional.empty()
                : confusions(KeptUpdate.of(name, settings, pin, update.identity()), records, computing);
        write(report.html(confusions, images == 0 ? "None were computed: --images was 0."
                : "The topic held-out-batches has no batch that the run's model takes.", Instant.now()));
        return 0;
    }

    private void check() {
        Setting.atLeast("--images", images, 0);
        Setting.require(images > 0 || !update.isGiven(), "--update", "given with --images 0",
                "with at least one image to classify");
        update.identity();
        Path folder = output.toAbsolutePath().getParent();
        Setting.require(folder != null && Files.isDirectory(folder) && !Files.isDirectory(output), "--output", output,
                "a file in a folder that is there");
    }

    private static IllegalStateException noSteps(String name) {
        return new IllegalStateException("run " + name + " has no training steps yet; its trainer sees to that");
    }

    /** An older release has not made every topic. */
    private static <T extends SpecificRecord> void readIfThere(KafkaSettings settings, CommittedRecords records, RunTopic topic,
            Class<T> type, Consumer<T> taker) {
        String name = topic.of(records.run());
        try (Admin admin = settings.admin()) {
            if (!new RunTopics(admin).names(records.run()).contains(name)) {
                return;
            }
        }
        read(records, topic, type, taker);
    }

    private static <T extends SpecificRecord> void read(CommittedRecords records, RunTopic topic, Class<T> type,
            Consumer<T> taker) {
        records.each(topic, new ByteArrayDeserializer(), type, record -> {
            if (record.value() == null) {
                return;
            }
            // services set aside what cannot be used; who only looks goes on
            if (!record.value().isReadable()) {
                LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), record.value().failure());
                return;
            }
            try {
                taker.accept(record.value().value());
            } catch (IllegalArgumentException e) {
                LOG.warn("passed over {} offset {}: {}", record.topic(), record.offset(), e.getMessage());
            }
        });
    }

    private Optional<MeasuredConfusions> confusions(KeptUpdate kept, CommittedRecords records, ExecutionSettings computing) {
        List<ImageBatch> batches = FirstHeldOut.read(records, kept.published().specification(), images);
        say(String.format(Locale.ROOT, "attacking %,d held-out images with update %s",
                batches.stream().mapToInt(batch -> batch.getLabels().size()).sum(), kept.update().identity().key()));
        return ConfusionMeasurement.of(kept, batches, computing);
    }

    /** Whoever opens the file meanwhile finds the page that was there before. */
    private void write(String page) throws IOException {
        Path whole = output.resolveSibling(output.getFileName() + ".part");
        try {
            Files.writeString(whole, page);
            Files.move(whole, output, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
        say("wrote " + output + String.format(Locale.ROOT, " (%,d kB)", Files.size(output) / 1000));
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
