package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.pipeline.FaultPoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.RunTopic;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A run on images that are ingested and posted while it goes on; its producer is killed within a transaction. */
class LiveDataIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCH = 16;
    private static final int BATCHES = 30;
    private static final int SIDE = 28;
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    @Test
    void everyImageIsInOneBatchThoughTheProducerIsKilled() throws Exception {
        Map<String, String> values = Map.of("data.source", "incoming", "data.batches", "" + BATCHES, "data.lead", "24",
                "publishing.interval", "5", "evaluation.every", "" + BATCHES);
        try (ServiceChildren services = ServiceChildren.of("live-" + UUID.randomUUID(), values, BROKER.bootstrapServers(),
                folder)) {
            assertThat(services.run(1, "ingest", folder.toString())).contains("has no batch yet");
            // the held-out batches are its first transaction
            ChildProcess producer = services.start("producer", "producer", Map.of(FaultPoint.VARIABLE, "producer-transaction:3"));
            services.start("trainer", "trainer");
            services.start("attacker", "attacker");
            services.start("evaluator", "evaluator");
            await().atMost(ServiceChildren.LIMIT).until(() ->
                    services.topics().numbered(RunTopic.HELD_OUT_BATCHES, ImageBatch.class).size() == 2);
            assertThat(services.run(0, "ingest", images(0, 200).toString()))
                    .contains("sent 200 images of 10 classes to " + services.run().run() + ".incoming-images");
            assertThat(producer.exitCode().get(ServiceChildren.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(KILLED);
            // the topic takes images while nobody numbers them
            services.run(0, "ingest", images(200, 300).toString());

            String address = services.start("producer", "producer").awaitReady(ServiceChildren.LIMIT);
            await().atMost(ServiceChildren.LIMIT).until(() -> send(HttpRequest.newBuilder(
                    URI.create("http://" + address + "/health/ready"))).statusCode() == 200);
            assertThat(post(address, 300, 400).statusCode()).isEqualTo(202);
            assertThat(send(HttpRequest.newBuilder(URI.create("http://" + address + "/images"))
                    .header("Content-Type", "application/x-npy").header("Sparring-Labels", "1,1,1")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(npy(0, 2)))).body())
                    .isEqualTo("{\"error\":\"labels: 3 for 2 images; allowed: one for each, and at least one\"}");
            HttpResponse<String> last = post(address, 400, BATCH * BATCHES);
            assertThat(last.statusCode()).as(last::body).isEqualTo(202);
            services.awaitBatches(BATCHES);
            await().atMost(ServiceChildren.LIMIT).until(services.progress()::newestIsMeasured);

            assertEachInOneBatch(services);
            assertThat(services.broken()).isEmpty();
        }
    }

    private static void assertEachInOneBatch(ServiceChildren services) {
        List<ImageBatch> batches = services.topics().numbered(RunTopic.CLEAN_BATCHES, ImageBatch.class).stream().map(Entry::value)
                .sorted((one, other) -> Long.compare(one.getBatchNumber(), other.getBatchNumber())).toList();
        assertThat(batches).extracting(ImageBatch::getBatchNumber)
                .containsExactlyElementsOf(IntStream.range(0, BATCHES).mapToObj(Long::valueOf).toList());
        List<Integer> images = new ArrayList<>();
        for (ImageBatch batch : batches) {
            assertThat(batch.getLabels()).hasSize(BATCH);
            assertThat(batch.getEpoch()).isZero();
            for (int image = 0; image < BATCH; image++) {
                int index = Short.toUnsignedInt(batch.getPixels().getShort(image * SIDE * SIDE));
                assertThat(batch.getLabels().get(image)).isEqualTo(index % 10);
                images.add(index);
            }
        }
        List<Integer> sent = services.topics().numbered(RunTopic.INCOMING_IMAGES, IncomingImage.class).stream()
                .map(entry -> Short.toUnsignedInt(entry.value().getPixels().getShort(0))).toList();
        assertThat(images).as("in the order of the topic").isEqualTo(sent);
        assertThat(images).containsExactlyInAnyOrderElementsOf(IntStream.range(0, BATCH * BATCHES).boxed().toList());
    }

    /** A folder for each class with files of images whose first two pixels are their index. */
    private Path images(int from, int to) throws Exception {
        Path images = folder.resolve("images-" + from);
        for (int index = from; index < to; index++) {
            PixelFiles.write(Files.createDirectories(images.resolve(Integer.toString(index % 10))).resolve(index + ".png"), SIDE,
                    pixels(index));
        }
        return images;
    }

    private static byte[] pixels(int index) {
        byte[] pixels = new byte[SIDE * SIDE];
        pixels[0] = (byte) (index >> 8);
        pixels[1] = (byte) index;
        return pixels;
    }

    private static HttpResponse<String> post(String address, int from, int to) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://" + address + "/images")).header("Content-Type",
                "application/x-npy")
                .header("Sparring-Labels", IntStream.range(from, to).mapToObj(index -> "" + index % 10)
                .collect(Collectors.joining(",")))
                .POST(HttpRequest.BodyPublishers.ofByteArray(npy(from, to))));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    /** What numpy.save writes of them. */
    private static byte[] npy(int from, int to) throws Exception {
        String header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + (to - from) + ", 28, 28, 1), }";
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        file.write((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int index = from; index < to; index++) {
            file.write(pixels(index));
        }
        return file.toByteArray();
    }
}
