package io.sparring.pipeline;

import static io.sparring.pipeline.UpdateRecords.chunks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WeightsPart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpdateFollowerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final LogConsumer<String, Received<ModelUpdate>> log = new LogConsumer<>("run.model-updates");
    private UpdateFollower follower;

    @AfterEach
    void close() {
        follower.close();
    }

    @Test
    void theNewestOfWhatIsThereIsTaken() throws InterruptedException {
        publish(5);
        publish(10);
        follow(chunk -> true);
        assertThat(awaitStep(null)).isEqualTo(10);
        assertThat(follower.newest()).map(update -> update.identity().key()).contains("0/10");
    }

    @Test
    void theNextIsTakenOnceAllItsChunksAreThere() throws InterruptedException {
        publish(5);
        follow(chunk -> true);
        awaitStep(null);
        List<ModelUpdate> next = chunks(new UpdateIdentity(0, 10), false);
        append(next.get(0));
        append(next.get(1));
        await().atMost(LONG).until(() -> position() == 5);
        assertThat(follower.newest().orElseThrow().identity().step()).isEqualTo(5);
        append(next.get(2));
        assertThat(awaitStep(follower.newest().orElseThrow())).isEqualTo(10);
    }

    @Test
    void awaitingReturnsWhenAnotherComes() throws Exception {
        publish(5);
        follow(chunk -> true);
        Update known = follower.awaitOtherThan(null, LONG).orElseThrow();
        CompletableFuture<Optional<Update>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return follower.awaitOtherThan(known, LONG);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(waiting).isNotDone();
        publish(10);
        assertThat(waiting.get(30, TimeUnit.SECONDS).orElseThrow().identity().step()).isEqualTo(10);
    }

    @Test
    void awaitingEndsWithWhatIsKnownWhenTheTimeIsOver() throws InterruptedException {
        follow(chunk -> true);
        assertThat(follower.awaitOtherThan(null, Duration.ofMillis(20))).isEmpty();
        publish(5);
        Update known = follower.awaitOtherThan(null, LONG).orElseThrow();
        assertThat(follower.awaitOtherThan(known, Duration.ofMillis(20))).containsSame(known);
        assertThat(follower.awaitOtherThan(known, Duration.ZERO)).containsSame(known);
    }

    @Test
    void whatIsNotWantedIsPassedOver() throws InterruptedException {
        publish(chunks(new UpdateIdentity(0, 5), true));
        publish(10);
        follow(ModelUpdate::getEvaluate);
        assertThat(awaitStep(null)).isEqualTo(5);
        publish(15);
        await().atMost(LONG).until(() -> position() == 9);
        assertThat(follower.newest().orElseThrow().identity().step()).isEqualTo(5);
    }

    @Test
    void aRestartedTrainersIncarnationIsNewerThoughItsStepIsLower() throws InterruptedException {
        publish(10);
        follow(chunk -> true);
        awaitStep(null);
        Update known = follower.newest().orElseThrow();
        publish(chunks(new UpdateIdentity(1, 5), false));
        assertThat(follower.awaitOtherThan(known, LONG)).map(update -> update.identity().key()).contains("1/5");
    }

    /** After a pause, say: what is trimmed would have been skipped anyway. */
    @Test
    void updatesThatWereTrimmedUnreadAreSkipped() throws InterruptedException {
        publish(5);
        follow(chunk -> true);
        awaitStep(null);
        Update known = follower.newest().orElseThrow();
        synchronized (log) {
            publish(10);
            publish(15);
            log.trim(0, 6);
        }
        assertThat(awaitStep(known)).isEqualTo(15);
        publish(20);
        await().atMost(LONG).until(() -> follower.newest().orElseThrow().identity().step() == 20);
    }

    @Test
    void aFailureIsThrownToWhoeverAsks() {
        log.setPollException(new KafkaException("gone"));
        publish(5);
        follow(chunk -> true);
        assertThatThrownBy(() -> follower.awaitOtherThan(null, LONG)).isInstanceOf(KafkaException.class).hasMessage("gone");
        assertThatThrownBy(() -> follower.newest()).isInstanceOf(KafkaException.class).hasMessage("gone");
        await().atMost(LONG).untilAsserted(() -> assertThat(log.closed()).isTrue());
    }

    @Test
    void anErrorToo() {
        follow(chunk -> true);
        log.fail(new OutOfMemoryError("weights"));
        assertThatThrownBy(() -> follower.awaitOtherThan(null, LONG)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("weights").hasCauseInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void closingEndsTheThreadAndClosesTheConsumer() {
        follow(chunk -> true);
        assertThat(followers()).isEqualTo(1);
        follower.close();
        assertThat(followers()).isZero();
        assertThat(log.closed()).isTrue();
        assertThat(follower.newest()).isEmpty();
    }

    @Test
    void aCopyOfAnOlderUpdateIsPassedOver() throws Exception {
        publish(5);
        publish(10);
        publish(5);
        follow(update -> true);
        assertThat(awaitStep(null)).isEqualTo(10);
        publish(5);
        publish(15);
        assertThat(awaitStep(follower.newest().orElseThrow())).isEqualTo(15);
    }

    /** As where every batch of an interval was refused: attackers have to hear that the window has moved. */
    @Test
    void theSameWeightsOfMoreBatchesAreTaken() throws Exception {
        publish(5);
        follow(update -> true);
        Update known = follower.awaitOtherThan(null, LONG).orElseThrow();
        publish(chunks(new UpdateIdentity(0, 5), false).stream().map(chunk -> ModelUpdate.newBuilder(chunk)
                .setNextBatch(known.nextBatch() + 3).build()).toList());
        assertThat(follower.awaitOtherThan(known, LONG).orElseThrow().nextBatch()).isEqualTo(known.nextBatch() + 3);
        Update newer = follower.newest().orElseThrow();
        publish(5);
        publish(10);
        assertThat(awaitStep(newer)).as("the copy of the first is passed over").isEqualTo(10);
    }

    private static long followers() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("update-follower")).count();
    }

    private void follow(Predicate<ModelUpdate> wanted) {
        follower = new UpdateFollower(log, "run", WeightsPart.WEIGHTS, wanted, SetAside.LOGGED);
    }

    private long awaitStep(Update known) throws InterruptedException {
        return follower.awaitOtherThan(known, LONG).orElseThrow().identity().step();
    }

    private long position() {
        return log.position(log.partition(0));
    }

    private void publish(long step) {
        publish(chunks(new UpdateIdentity(0, step), false));
    }

    private void publish(List<ModelUpdate> chunks) {
        chunks.forEach(this::append);
    }

    private void append(ModelUpdate chunk) {
        log.append(0, UpdateRecords.key(chunk), Received.readable(chunk));
    }
}
