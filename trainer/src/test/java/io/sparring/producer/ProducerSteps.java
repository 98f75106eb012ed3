package io.sparring.producer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.DeadLetters;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.StatusBoard;
import io.sparring.pipeline.Tracing;
import io.sparring.schemas.RunTopic;
import io.sparring.simulation.Formats;
import io.sparring.simulation.SimulatedProcess;
import io.sparring.simulation.Steps;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongSerializer;

/** What {@link ProducerService} does with the training batches, as steps. */
public final class ProducerSteps implements Steps {

    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final DataSet DATA = data();

    private final Lead lead;
    private final BatchStream training;

    public ProducerSteps(RunSpecification run, SimulatedProcess process) {
        BatchRecords records = new BatchRecords(run, DATA, process.clock());
        Producer<Long, byte[]> producer = process.transactional(run.run() + ".producer", new LongSerializer());
        producer.initTransactions();
        StreamPosition position = position(run, process);
        StatusBoard status = new StatusBoard(process.clock(), METERS);
        training = run.data().incoming()
                ? new BatchStream(producer, incoming(run, process, records, position), position.next(), status, Tracing.OFF)
                : new BatchStream(producer, records::training, number -> run.data().batchSize(), position.next(), status, Tracing.OFF);
        lead = new Lead(process.reader(Formats.NUMBERS, Formats.STEPS), run, training::next, SetAside.LOGGED, () -> false);
    }

    @Override
    public void step() {
        long limit = lead.limit();
        if (training.next() < limit) {
            training.send(limit);
        }
    }

    private static StreamPosition position(RunSpecification run, SimulatedProcess process) {
        return StreamPosition.of(process.reader(Formats.NUMBERS, Formats.CLEAN), RunTopic.CLEAN_BATCHES.of(run.run()),
                run.partitions(), () -> false);
    }

    private static IncomingBatches incoming(RunSpecification run, SimulatedProcess process, BatchRecords records,
            StreamPosition position) {
        String topic = RunTopic.INCOMING_IMAGES.of(run.run());
        position.requireIncoming(topic);
        IncomingImages images = new IncomingImages(process.reader(Formats.NUMBERS, Formats.INCOMING), topic,
                position.incomingNext(),
                records.expected(), () -> position(run, process).incomingNext(), new DeadLetters(run.run(), METERS),
                new AtomicLong(),
                () -> 0);
        NumberedTrimming trimming = new NumberedTrimming(topic, deleted -> {
            Map<TopicPartition, Long> below = new HashMap<>();
            deleted.forEach((partition, offset) -> below.put(partition, offset.beforeOffset()));
            process.delete(below);
            return KafkaFuture.completedFuture(null);
        }, METERS);
        return new IncomingBatches(run, images, records, run.log().equals("keep") ? next -> { } : trimming::numbered);
    }

    private static DataSet data() {
        Random random = new Random(1);
        byte[] pixels = new byte[64];
        random.nextBytes(pixels);
        LabeledImages images = new LabeledImages(pixels, random.ints(64, 0, 2).toArray(), 1, 1, 1, 2);
        return new DataSet("pixels", List.of("dark", "bright"), images, images);
    }
}
