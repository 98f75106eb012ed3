package io.sparring.producer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.RunTopic;
import io.sparring.simulation.Formats;
import io.sparring.simulation.SimulatedProcess;
import io.sparring.simulation.Steps;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.Producer;
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
        training = new BatchStream(producer, records::training, number -> run.data().batchSize(),
                StreamPosition.next(process.reader(Formats.NUMBERS, Formats.CLEAN), RunTopic.CLEAN_BATCHES.of(run.run()),
                        run.partitions(), () -> false), new StatusBoard(process.clock(), METERS));
        lead = new Lead(process.reader(Formats.NUMBERS, Formats.STEPS), run, training::next, SetAside.LOGGED, () -> false);
    }

    @Override
    public void step() {
        long limit = lead.limit();
        if (training.next() < limit) {
            training.send(limit);
        }
    }

    private static DataSet data() {
        Random random = new Random(1);
        byte[] pixels = new byte[64];
        random.nextBytes(pixels);
        LabeledImages images = new LabeledImages(pixels, random.ints(64, 0, 2).toArray(), 1, 1, 1, 2);
        return new DataSet("pixels", List.of("dark", "bright"), images, images);
    }
}
