package io.sparring.dashboard;

import io.sparring.pipeline.DeadLetters;
import io.sparring.schemas.Alarm;
import io.sparring.schemas.AlarmKind;
import io.sparring.schemas.AlarmState;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sample;
import io.sparring.schemas.SampledImage;
import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.StreamTally;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as a run's topics have them. */
final class MadeRecords {

    static final long NOW = 1_700_000_000_000L;

    static {
        // Avro copies a record that has other records once our package is trusted, which is the wire format's doing
        WireFormat.of(Robustness.class);
    }

    private MadeRecords() {
    }

    static TrainingStep trained(long batchNumber, int incarnation, long step, float loss) {
        return new TrainingStep(batchNumber, incarnation, step, Outcome.TRAINED, 0, null, 0L, incarnation, step - 3, 2L, 32,
                0.1f, 0.05f, loss, loss / 2, loss / 4, 0f, null, Instant.ofEpochMilli(NOW + 100 * batchNumber), 1, null, null);
    }

    static TrainingStep dropped(long batchNumber, int incarnation, long step) {
        return new TrainingStep(batchNumber, incarnation, step, Outcome.DROPPED, 0, "stale", 0L, incarnation, 0L, 40L, 0,
                0.1f, 0f, 0f, 0f, 0f, 0f, null, Instant.ofEpochMilli(NOW + 100 * batchNumber), 1, null, null);
    }

    static Robustness complete(int incarnation, long step, String attack, long correct) {
        double accuracy = correct / 1000.0;
        return report(incarnation, step, attack).setStatus(ReportStatus.COMPLETE).setBatches(1).setImages(1000).setCorrect(correct)
                .setAccuracy(accuracy).setLower(accuracy - 0.03).setUpper(accuracy + 0.03).build();
    }

    static Robustness incomplete(int incarnation, long step, String attack) {
        return report(incarnation, step, attack).setStatus(ReportStatus.INCOMPLETE).setBatches(4).setImages(50).setCorrect(40)
                .build();
    }

    private static Robustness.Builder report(int incarnation, long step, String attack) {
        return Robustness.newBuilder().setIncarnation(incarnation).setStep(step).setAttack(attack).setSlice("held-out")
                .setReported(List.of(0L)).setEpsilon(0.1f).setUpdatedAt(Instant.EPOCH).setNorm("linf");
    }

    /** A window of eight batches of 100 images that ends with a batch; no image of it was seen before. */
    static PrequentialWindow window(long toBatch, int incarnation, long step, long robust) {
        double accuracy = robust / 800.0;
        return PrequentialWindow.newBuilder().setFromBatch(toBatch - 7).setToBatch(toBatch).setBatches(8).setIncarnation(incarnation)
                .setStep(step).setAttack("pgd-10").setNorm("linf").setEpsilon(0.1f).setUnseen(new StreamTally(800L, robust, 100L, 75L,
                        List.of())).setSeen(new StreamTally(0L, 0L, 0L, 0L, List.of())).setShareSeen(0.0).setRobustAccuracy(accuracy)
                .setRobustLower(accuracy - 0.03).setRobustUpper(accuracy + 0.03).setCleanAccuracy(0.75).setCleanLower(0.66)
                .setCleanUpper(0.82).setChannels(List.of()).setStatistics(List.of()).setCreatedAt(Instant.ofEpochMilli(NOW)).build();
    }

    /** The same of images that all came again. */
    static PrequentialWindow windowSeen(long toBatch, int incarnation, long step, long robust) {
        PrequentialWindow unseen = window(toBatch, incarnation, step, robust);
        return PrequentialWindow.newBuilder(unseen).setSeen(unseen.getUnseen()).setUnseen(unseen.getSeen()).setShareSeen(1.0)
                .setRobustAccuracy(null).setRobustLower(null).setRobustUpper(null).setCleanAccuracy(null).setCleanLower(null)
                .setCleanUpper(null).build();
    }

    static ServiceStatus status(String service, String instance, ServiceState state, double imagesPerSecond, Long lag) {
        return new ServiceStatus(service, instance, state, "127.0.0.1:1", 7L, imagesPerSecond, lag, 0, 30L,
                Instant.ofEpochMilli(NOW));
    }

    static Alarm alarm(AlarmKind kind, String subject, AlarmState state, double value) {
        return new Alarm(kind, subject, state, "The value is " + value + ", more than 0.1", "jensen-shannon", value, 0.1, 10L, 20L,
                0, 5L, Instant.ofEpochMilli(NOW));
    }

    /** Images of 2 x 2 pixels, count of them. */
    static Sample sample(long batchNumber, int count, long at) {
        SampledImage image = new SampledImage(3, ByteBuffer.wrap(new byte[] {0, 10, (byte) 200, (byte) 255}),
                ByteBuffer.wrap(new byte[] {5, 5, (byte) 205, (byte) 250}), 3, 0.75f, 1, 0.5f);
        return new Sample(batchNumber, "attacker-1", 0, 30L, 0.1f, "linf", 2, 2, 1, 10, java.util.Collections.nCopies(count, image),
                Instant.ofEpochMilli(at));
    }

    static ConsumerRecord<byte[], byte[]> letter(long id, String topic, long offset, String reason) {
        ConsumerRecord<byte[], byte[]> letter = new ConsumerRecord<>("fashion.dead-letters", 0, id, null, new byte[] {1});
        letter.headers().add(DeadLetters.TOPIC, topic.getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.PARTITION, "0".getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.OFFSET, Long.toString(offset).getBytes(StandardCharsets.UTF_8))
                .add(DeadLetters.REASON, reason.getBytes(StandardCharsets.UTF_8));
        return letter;
    }
}
