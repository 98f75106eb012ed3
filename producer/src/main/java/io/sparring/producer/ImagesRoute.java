package io.sparring.producer;

import io.micrometer.core.instrument.MeterRegistry;
import io.sparring.pipeline.BearerToken;
import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaRefusedException;
import io.sparring.pipeline.Metric;
import io.sparring.producer.ImageRequest.Part;
import io.sparring.schemas.IncomingImage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /images}: labelled images for the topic {@code incoming-images}, whole requests or nothing of them. Answers 202
 * once Kafka has acknowledged all. What is refused is one JSON object whose {@code error} names the thing and what is allowed.
 */
final class ImagesRoute {

    /** Bytes of a request's body. */
    static final int LARGEST_BODY = 32 * 1024 * 1024;
    /** Header with the labels of a body that is no form. */
    static final String LABELS = "Sparring-Labels";

    private static final Logger LOG = LoggerFactory.getLogger(ImagesRoute.class);
    private static final String FORM = "multipart/form-data";
    private static final Set<String> FILES = Set.of("application/x-npy", "application/octet-stream", "image/png", "image/jpeg");
    private static final long DROPPING_MILLIS = 2_000;
    /** Requests at one time, each of which may hold its body and the images in it. */
    private static final int MOST_AT_ONCE = 4;

    private final Gate gate;
    private final Supplier<Optional<ExpectedImages>> expected;
    private final IncomingWriter writer;
    private final MeterRegistry meters;
    private final AtomicInteger underWay = new AtomicInteger();

    /**
     * Who may send images.
     *
     * @param source the run's {@code data.source}
     * @param token that requests have to bring; one is needed where not only this machine reaches the endpoints
     */
    record Gate(String source, HttpSettings http, Optional<BearerToken> token) {

        void check(HttpServerRequest request) throws RefusedRequestException {
            if (token.isPresent() && !token.get().isIn(request.getHeader(HttpHeaders.AUTHORIZATION))) {
                throw new RefusedRequestException(401, "Authorization: no token, or another; allowed: Bearer and "
                        + "the producer's token");
            }
            if (token.isEmpty() && !http.isLoopback()) {
                throw new RefusedRequestException(403, "http.host: " + http.host()
                        + " is reached from elsewhere; allowed: images for a "
                        + "producer that has a token (" + BearerToken.VARIABLE + " or --http-token-file), or is at 127.0.0.1");
            }
            if (token.isEmpty() && request.getHeader(HttpHeaders.ORIGIN) != null) {
                throw new RefusedRequestException(403, "Origin: a web page's request; allowed: those without, or with a token");
            }
            if (!source.equals(DataSettings.INCOMING)) {
                throw new RefusedRequestException(409, "data.source: " + source
                        + " is what this run trains on; allowed: images for a "
                        + "run with data.source: incoming");
            }
        }
    }

    /** A body as far as it has come. */
    private static final class Body {
        private final List<Part> images = new ArrayList<>();
        private final List<Part> labels = new ArrayList<>();
        private long bytes;
        private boolean answered;
        /** Among those under way; all of a body's events come on one thread. */
        private boolean counted;
        /** What it has brought is held until it is written, whether or not its sender waits for that. */
        private boolean writing;
    }

    /** @param expected what the run's images are, once that is known */
    ImagesRoute(Gate gate, Supplier<Optional<ExpectedImages>> expected, IncomingWriter writer, MeterRegistry meters) {
        this.gate = gate;
        this.expected = expected;
        this.writer = writer;
        this.meters = meters;
    }

    void addTo(Router router) {
        router.post("/images").handler(this::receive);
    }

    private void receive(RoutingContext context) {
        HttpServerRequest request = context.request();
        Body body = new Body();
        String type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("").split(";")[0].strip()
                .toLowerCase(Locale.ROOT);
        try {
            gate.check(request);
            if (!type.equals(FORM) && !FILES.contains(type)) {
                throw new RefusedRequestException(415, "Content-Type: '" + type + "'; allowed: " + FORM + ", "
                        + String.join(", ", FILES.stream().sorted().toList()));
            }
            String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (length != null && Long.parseLong(length) > LARGEST_BODY) {
                throw tooLarge();
            }
        } catch (RefusedRequestException e) {
            refuse(context, body, e);
            return;
        } catch (NumberFormatException e) {
            refuse(context, body, new RefusedRequestException(400, "Content-Length: no number; allowed: one"));
            return;
        }
        if (underWay.incrementAndGet() > MOST_AT_ONCE) {
            underWay.decrementAndGet();
            refuse(context, body, new RefusedRequestException(503, "requests: more than " + MOST_AT_ONCE
                    + " at one time; allowed: to try again in a moment"));
            return;
        }
        body.counted = true;
        context.response().endHandler(done -> release(body)).closeHandler(gone -> release(body));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            context.response().writeContinue();
        }
        read(context, body, type.equals(FORM));
    }

    private void release(Body body) {
        if (body.counted && !body.writing) {
            body.counted = false;
            underWay.decrementAndGet();
        }
    }

    private void read(RoutingContext context, Body body, boolean form) {
        HttpServerRequest request = context.request();
        request.exceptionHandler(failure -> refuse(context, body, new RefusedRequestException(400,
                "the body cannot be read: " + failure.getMessage() + "; allowed: " + FORM + ", or a file")));
        if (form) {
            request.setExpectMultipart(true);
            // all of the body, since fields are held as files are
            request.handler(piece -> count(context, body, piece));
            request.uploadHandler(upload -> {
                requireKnown(context, body, upload.name());
                Buffer content = Buffer.buffer();
                upload.handler(piece -> {
                    if (!body.answered) {
                        content.appendBuffer(piece);
                    }
                });
                upload.endHandler(end -> {
                    List<Part> parts = upload.name().equals("labels") ? body.labels : body.images;
                    parts.add(new Part(upload.filename(), content.getBytes()));
                });
            });
            request.endHandler(end -> {
                request.formAttributes().names().stream().filter(name -> !name.equals("labels"))
                        .forEach(name -> requireKnown(context, body,
                                name.equals("images") ? "images without a file name" : name));
                handle(context, body, request.formAttributes().getAll("labels"));
            });
        } else {
            Buffer content = Buffer.buffer();
            request.handler(piece -> {
                count(context, body, piece);
                if (!body.answered) {
                    content.appendBuffer(piece);
                }
            });
            request.endHandler(end -> {
                body.images.add(new Part(null, content.getBytes()));
                handle(context, body, Optional.ofNullable(request.getHeader(LABELS)).map(List::of).orElse(List.of()));
            });
        }
    }

    private void requireKnown(RoutingContext context, Body body, String name) {
        if (!name.equals("images") && !name.equals("labels")) {
            refuse(context, body, new RefusedRequestException(400,
                    "form: '" + name + "'; allowed: images, which are files, and labels"));
        }
    }

    private void count(RoutingContext context, Body body, Buffer piece) {
        body.bytes += piece.length();
        if (body.bytes > LARGEST_BODY) {
            refuse(context, body, tooLarge());
        }
        if (body.bytes > 2L * LARGEST_BODY) {
            // what comes after the answer is dropped, but for a form's fields
            context.request().connection().close();
        }
    }

    private void handle(RoutingContext context, Body body, List<String> labels) {
        if (body.answered) {
            return;
        }
        ImageRequest request = new ImageRequest(body.images, body.labels, labels);
        body.writing = true;
        context.vertx().executeBlocking(() -> write(context, request), false).onComplete(offsets -> {
            body.writing = false;
            release(body);
            if (offsets.succeeded()) {
                Metric.POSTED.counter(meters).increment(offsets.result().size());
                answer(context, 202, new JsonObject().put("count", offsets.result().size()).put("offsets", offsets.result()));
            } else if (offsets.cause() instanceof RefusedRequestException refused) {
                refuse(context, body, refused);
            } else {
                LOG.error("POST /images has failed", offsets.cause());
                refuse(context, body, new RefusedRequestException(500, "the producer has failed: " + offsets.cause()));
            }
        });
    }

    private List<Long> write(RoutingContext context, ImageRequest request) throws RefusedRequestException {
        if (context.response().closed()) {
            throw new RefusedRequestException(503, "the sender has gone");
        }
        ExpectedImages images = expected.get().orElseThrow(() -> new RefusedRequestException(503,
                "the producer is not ready yet; allowed: to try again in a moment"));
        List<IncomingImage> records = request.records(images);
        try {
            return writer.write(records);
        } catch (IncomingWriter.UnknownOutcomeException e) {
            throw new RefusedRequestException(503, "Kafka did not answer in time, so it is not known whether the "
                    + "images were taken: " + KafkaRefusedException.causes(e));
        } catch (KafkaException e) {
            throw new RefusedRequestException(503, "Kafka has not taken the images: " + KafkaRefusedException.causes(e)
                    + "; allowed: to try again");
        }
    }

    private static RefusedRequestException tooLarge() {
        return new RefusedRequestException(413, "the body: more than " + LARGEST_BODY + " bytes; allowed: up to " + LARGEST_BODY);
    }

    private void refuse(RoutingContext context, Body body, RefusedRequestException refused) {
        if (body.answered || context.response().ended() || context.response().closed()) {
            return;
        }
        body.answered = true;
        Metric.POSTS_REFUSED.counter(meters, Integer.toString(refused.status())).increment();
        if (!context.request().isEnded()) {
            // what else comes of the body is dropped, so that its sender sees the answer; but not for ever
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
            context.vertx().setTimer(DROPPING_MILLIS, timer -> context.request().connection().close());
        }
        if (refused.status() == 401) {
            context.response().putHeader("WWW-Authenticate", "Bearer");
        }
        answer(context, refused.status(), new JsonObject().put("error", refused.getMessage()));
    }

    private static void answer(RoutingContext context, int status, JsonObject body) {
        context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(body.encode());
    }
}
