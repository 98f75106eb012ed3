package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.BearerToken;
import io.sparring.pipeline.HttpSettings;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.WireFormat;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImagesRouteTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "0123456789abcdef-secret";
    private static final byte[] TWO = NpyArrayTest.images(new byte[] {1, 2, 3, 4}, 2, 1, 2, 1);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private MockProducer<byte[], byte[]> producer = producer();
    private RuntimeException unreachable;
    private Optional<ExpectedImages> expected = Optional.of(new ExpectedImages(1, 2, 1, 10));
    private HttpServer server;
    /** What writing waits for, requests that came so far, and connections that have ended. */
    private CompletableFuture<Void> held = CompletableFuture.completedFuture(null);
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aFileIsTakenOnceItIsAcknowledged() throws Exception {
        serve("incoming", "127.0.0.1", null);
        HttpResponse<String> answer = post("application/x-npy", TWO, "Sparring-Labels", "3,4");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("count", 2).put("offsets", JsonArray.of(0, 1)));
        assertThat(taken()).extracting(IncomingImage::getLabel).containsExactly(3, 4);
        assertThat(taken()).extracting(IncomingImage::getPixels)
                .containsExactly(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3, 4}));
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(new JsonObject(post("application/octet-stream", TWO, "Sparring-Labels", "0 1").body()).getJsonArray("offsets"))
                .isEqualTo(JsonArray.of(2, 3));
        assertThat(meters.get("sparring.posted.images").counter().count()).isEqualTo(4);
    }

    @Test
    void aFormMayHaveManyFiles() throws Exception {
        serve("incoming", "127.0.0.1", null);
        Form form = new Form().file("images", "a.npy", TWO).field("labels", "7,8").field("labels", "9")
                .file("images", "b.npy", NpyArrayTest.images(new byte[] {5, 6}, 1, 1, 2, 1));
        HttpResponse<String> answer = post(form.type(), form.body());
        assertThat(answer.body()).isEqualTo("{\"count\":3,\"offsets\":[0,1,2]}");
        assertThat(taken()).extracting(IncomingImage::getLabel).containsExactly(7, 8, 9);
        assertThat(taken()).extracting(IncomingImage::getSource).containsExactly("a.npy", "a.npy", "b.npy");

        Form labels = new Form().file("images", "a.npy", TWO).file("labels", "l.npy", NpyArrayTest.images(new byte[] {2, 1}, 2));
        assertThat(post(labels.type(), labels.body()).statusCode()).isEqualTo(202);
        assertThat(taken()).extracting(IncomingImage::getLabel).endsWith(2, 1);
    }

    @Test
    void manyFilesFitIntoAForm() throws Exception {
        serve("incoming", "127.0.0.1", null);
        Form form = new Form();
        byte[] one = NpyArrayTest.images(new byte[] {5, 6}, 1, 1, 2, 1);
        for (int image = 0; image < 1_500; image++) {
            form.file("images", image + ".npy", one).field("labels", Integer.toString(image % 10));
        }
        assertThat(new JsonObject(post(form.type(), form.body()).body()).getInteger("count")).isEqualTo(1_500);
    }

    @Test
    void ofABadRequestNothingIsTaken() throws Exception {
        serve("incoming", "127.0.0.1", null);
        Form form = new Form().file("images", "a.npy", TWO).file("images", "b.png", new byte[] {1, 2, 3}).field("labels",
                "1,2,3");
        refused(post(form.type(), form.body()), 400, "images[1]: cannot be read as an image: its content is neither PNG nor "
                + "JPEG; "
                + "allowed: NPY, PNG or JPEG");
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,10"), 422, "labels[1]: label: 10; allowed: 0 to 9");
        refused(post("application/x-npy", TWO), 422, "labels: 0 for 2 images; allowed: one for each, and at least one");
        refused(post("application/json", TWO), 415, "Content-Type: 'application/json'; allowed: multipart/form-data, "
                + "application/octet-stream, application/x-npy, image/jpeg, image/png");
        Form other = new Form().file("pictures", "a.npy", TWO).field("labels", "1,2");
        refused(post(other.type(), other.body()), 400, "form: 'pictures'; allowed: images, which are files, and labels");
        Form misnamed = new Form().file("images", "a.npy", TWO).field("label", "1,2");
        refused(post(misnamed.type(), misnamed.body()), 400,
                "form: 'label'; allowed: images, which are files, and labels");
        assertThat(post("multipart/form-data", TWO).statusCode()).as("without a boundary").isEqualTo(400);
        assertThat(taken()).isEmpty();
        assertThat(meters.get("sparring.posts.refused").tag("status", "422").counter().count()).isEqualTo(2);
        assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4").statusCode()).as("afterwards").isEqualTo(202);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherOrNotItSaysSo() throws Exception {
        serve("incoming", "127.0.0.1", null);
        byte[] large = new byte[ImagesRoute.LARGEST_BODY + 1];
        String message = "the body: more than 33554432 bytes; allowed: up to 33554432";
        refused(post("application/x-npy", large, "Sparring-Labels", "1"), 413, message);
        byte[] piece = new byte[1 << 20];
        BodyPublisher chunked = BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(Collections.nCopies(40, piece)));
        refused(post("application/x-npy", chunked, "Sparring-Labels", "1"), 413, message);
        assertThat(taken()).isEmpty();
        assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4").statusCode()).as("afterwards").isEqualTo(202);
    }

    @Test
    void soIsAFormWhoseFieldsAreManyAndLong() throws Exception {
        serve("incoming", "127.0.0.1", null);
        Form form = new Form();
        for (int field = 0; field < 300; field++) {
            form.field("labels", "1".repeat(120_000));
        }
        refused(post(form.type(), BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(form.body()))), 413,
                "the body: more than 33554432 bytes; allowed: up to 33554432");
        assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4").statusCode()).as("afterwards").isEqualTo(202);
    }

    @Test
    void whoHasGoneStillCountsUntilTheImagesAreWritten() throws Exception {
        serve("incoming", "127.0.0.1", null);
        held = new CompletableFuture<>();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int request = 0; request < 4; request++) {
            sent.add(client().sendAsync(request("application/x-npy", BodyPublishers.ofByteArray(TWO), "Sparring-Labels", "3,4"),
                    HttpResponse.BodyHandlers.ofString()));
        }
        await().atMost(LIMIT).until(() -> writes.get() == 4);
        sent.forEach(each -> each.cancel(true));
        await().atMost(LIMIT).until(() -> gone.get() == 4);

        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "requests: more than 4 at one time; allowed: to try again in a moment");

        held.complete(null);
        await().atMost(LIMIT).until(() -> post("application/x-npy", TWO, "Sparring-Labels", "3,4").statusCode() == 202);
    }

    @Test
    void aTokenIsAskedForWhereThereIsOne() throws Exception {
        serve("incoming", "0.0.0.0", SECRET);
        HttpResponse<String> without = post("application/x-npy", TWO, "Sparring-Labels", "3,4");
        refused(without, 401, "Authorization: no token, or another; allowed: Bearer and the producer's token");
        assertThat(without.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        for (String wrong : List.of("Bearer " + SECRET + "x", "Bearer ", "Basic " + SECRET, SECRET)) {
            assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4", "Authorization", wrong).statusCode()).as(wrong)
                    .isEqualTo(401);
        }
        assertThat(taken()).isEmpty();
        assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4", "Authorization", "Bearer " + SECRET).statusCode())
                .isEqualTo(202);
    }

    @Test
    void withoutATokenOnlyThisMachineMaySend() throws Exception {
        serve("incoming", "0.0.0.0", null);
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 403,
                "http.host: 0.0.0.0 is reached from elsewhere; allowed: "
                + "images for a producer that has a token (SPARRING_HTTP_TOKEN or --http-token-file), or is at 127.0.0.1");
    }

    @Test
    void aWebPageMayNotSend() throws Exception {
        serve("incoming", "127.0.0.1", null);
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4", "Origin", "http://elsewhere.example"), 403,
                "Origin: a web page's request; allowed: those without, or with a token");
    }

    @Test
    void aRunOnADataSetTakesNone() throws Exception {
        serve("dataset", "127.0.0.1", null);
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 409, "data.source: dataset is what this run trains on; "
                + "allowed: images for a run with data.source: incoming");
    }

    @Test
    void nobodyIsToldOfImagesThatKafkaHasNot() throws Exception {
        serve("incoming", "127.0.0.1", null);
        expected = Optional.empty();
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "the producer is not ready yet; allowed: to try again in a moment");
        expected = Optional.of(new ExpectedImages(1, 2, 1, 10));
        unreachable = new TimeoutException("nobody there");
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "Kafka has not taken the images: nobody there; allowed: to try again");
        unreachable = null;
        producer.sendException = new TimeoutException("not delivered");
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "Kafka has not taken the images: not delivered; allowed: to try again");
        assertThat(producer.closed()).isTrue();
        producer = producer();
        producer.commitTransactionException = new TimeoutException("no answer");
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "Kafka did not answer in time, so it is not known whether the images were taken: no answer");
        producer = producer();
        producer.commitTransactionException = new ProducerFencedException("another");
        refused(post("application/x-npy", TWO, "Sparring-Labels", "3,4"), 503,
                "Kafka has not taken the images: another; allowed: to try again");
        assertThat(producer.history()).isEmpty();
        producer = producer();
        assertThat(post("application/x-npy", TWO, "Sparring-Labels", "3,4").statusCode()).isEqualTo(202);
    }

    @Test
    void aTokenIsOfSomeLengthAndNeverShown() {
        assertThatIllegalArgumentException().isThrownBy(() -> BearerToken.read(null, Map.of("SPARRING_HTTP_TOKEN", "short")))
                .withMessageStartingWith("SPARRING_HTTP_TOKEN: '(not shown)' is not allowed; allowed: 16 to 512 letters")
                .withMessageNotContaining("short");
        assertThat(BearerToken.read(null, Map.of("SPARRING_HTTP_TOKEN", ""))).isEmpty();
        assertThat(BearerToken.read(null, Map.of("SPARRING_HTTP_TOKEN", SECRET)).orElseThrow().toString()).doesNotContain(SECRET);
    }

    private void serve(String source, String host, String token) throws Exception {
        Router router = Router.router(vertx);
        IncomingWriter writer = new IncomingWriter("tiny.incoming-images", () -> {
            held.join();
            if (unreachable != null) {
                throw unreachable;
            }
            return producer;
        });
        Map<String, String> environment = token == null ? Map.of() : Map.of(BearerToken.VARIABLE, token);
        new ImagesRoute(new ImagesRoute.Gate(source, new HttpSettings(host, 0), BearerToken.read(null, environment)),
                () -> {
                    writes.incrementAndGet();
                    return expected;
                },
                writer, meters).addTo(router);
        server = vertx.createHttpServer(HttpSettings.serverOptions()).requestHandler(router)
                .connectionHandler(connection -> connection.closeHandler(closed -> gone.incrementAndGet())).listen(0, "127.0.0.1")
                .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static void refused(HttpResponse<String> answer, int status, String error) {
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("error", error));
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    private HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
        return post(type, BodyPublishers.ofByteArray(body), headers);
    }

    private HttpResponse<String> post(String type, BodyPublisher body, String... headers) throws Exception {
        return client().send(request(type, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String type, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/images"))
                .timeout(LIMIT).header("Content-Type", type).POST(body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private List<IncomingImage> taken() {
        return producer.history().stream().map(record -> WireFormat.of(IncomingImage.class)
                .decode(ByteBuffer.wrap(record.value())))
                .toList();
    }

    private static MockProducer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A form with files (RFC 7578). */
    private static final class Form {

        private static final String BOUNDARY = "----between-the-parts";

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Form file(String name, String fileName, byte[] content) throws IOException {
            return part("name=\"" + name + "\"; filename=\"" + fileName + "\"\r\nContent-Type: application/octet-stream",
                    content);
        }

        Form field(String name, String value) throws IOException {
            return part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
        }

        private Form part(String head, byte[] content) throws IOException {
            bytes.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            bytes.write(content);
            bytes.write("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        String type() {
            return "multipart/form-data; boundary=" + BOUNDARY;
        }

        byte[] body() {
            byte[] end = ("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(bytes.size() + end.length).put(bytes.toByteArray()).put(end).array();
        }
    }
}
