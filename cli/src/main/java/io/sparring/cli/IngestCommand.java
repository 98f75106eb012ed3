package io.sparring.cli;

import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.FirstBatch;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.pipeline.Setting;
import io.sparring.producer.DataSets;
import io.sparring.producer.ExpectedImages;
import io.sparring.producer.IngestFolder;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.WireFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts the images of a folder on a run's topic {@code incoming-images}. */
@Command(name = "ingest", mixinStandardHelpOptions = true, description = "Gives a run with data.source: incoming the images of a "
        + "folder to train on. All files are read before the first image is sent.")
final class IngestCommand implements Callable<Integer> {

    private static final WireFormat<IncomingImage> FORMAT = WireFormat.of(IncomingImage.class);

    @Parameters(paramLabel = "DIR", description = "In it a folder for each class with PNG and JPEG files of the run's size; "
            + "the folders are named as the classes or are their numbers, 0, 1, ...")
    private Path directory;

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private Answer answer;

    @Option(names = "--classes", paramLabel = "NAME", split = ",", description = "The names of the run's classes in the order "
            + "of their labels (default: those of data.name; where that is image-folder, the folders in DIR, which have to be "
            + "all).")
    private List<String> classes = List.of();

    @Option(names = "--skip-bad", description = "Leave out files that cannot be used, and tell how many those are.")
    private boolean skipBad;

    @Override
    public Integer call() throws IOException {
        RunSpecification specification = run.specification();
        Setting.require(specification.data().incoming(), "data.source", specification.data().source(), DataSettings.INCOMING
                + ", for a run that is to be given images");
        KafkaSettings settings = kafka.settings();
        try (Admin admin = settings.admin()) {
            new RunTopics(admin).check(specification);
        }
        ExpectedImages expected = FirstBatch.read(settings, specification.run()).map(ExpectedImages::of)
                .orElseThrow(() -> new IllegalStateException("run " + specification.run()
                + " has no batch yet, which tells what its images are; "
                        + " start its producer first, which sends the held-out ones"));
        IngestFolder folder = IngestFolder.read(directory, expected,
                classes.isEmpty() ? DataSets.classNames(specification.data().name()) : classes, skipBad);
        String topic = RunTopic.INCOMING_IMAGES.of(specification.run());
        send(settings, topic, folder);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("topic", topic);
        document.put("images", folder.images());
        document.put("byLabel", folder.counts());
        document.put("skipped", folder.bad());
        List<String> lines = new ArrayList<>();
        folder.bad().forEach(problem -> lines.add("skipped " + problem));
        lines.add("sent " + folder.images() + " images of " + folder.counts().size() + " classes to " + topic
                + (folder.bad().isEmpty() ? "" : ", skipped " + folder.bad().size()));
        answer.print(document, lines);
        return 0;
    }

    private static void send(KafkaSettings settings, String topic, IngestFolder folder) throws IOException {
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = settings.compressing().producer(new ByteArraySerializer())) {
            folder.forEach(image -> {
                require(failure, sent, folder);
                producer.send(new ProducerRecord<>(topic, 0, null, FORMAT.encode(image)), (metadata, problem) -> {
                    if (problem == null) {
                        sent.incrementAndGet();
                    } else {
                        failure.compareAndSet(null, problem);
                    }
                });
            });
            producer.flush();
        }
        require(failure, sent, folder);
    }

    private static void require(AtomicReference<Exception> failure, AtomicInteger sent, IngestFolder folder) {
        Exception problem = failure.get();
        if (problem != null) {
            throw new KafkaException("after " + sent + " of " + folder.images()
                    + " images, in the order of their files, Kafka takes "
                    + "no more: " + problem.getMessage(), problem);
        }
    }
}
