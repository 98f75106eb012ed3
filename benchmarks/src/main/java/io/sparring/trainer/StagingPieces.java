package io.sparring.trainer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunRequests;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.ServiceContext;
import io.sparring.pipeline.SetAside;
import io.sparring.pipeline.StatusBoard;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Position;
import io.sparring.schemas.Received;
import io.sparring.schemas.Refused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The trainer's staging of batches until their turn; in its package, for it is nobody else's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StagingPieces {

    private static final String TOPIC = "bench.adversarial-batches";
    private static final int PARTITIONS = 4;
    private static final int BATCHES = 1024;

    /** A producer so far ahead may have sent all of them. */
    private static final RunSpecification RUN = RunFile.read(null, Map.of(), Map.of("run", "bench",
            "data.lead", Integer.toString(BATCHES)));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ServiceContext context = new ServiceContext("trainer-1", new StatusBoard(Clock.systemUTC(), meters), meters,
            () -> RunRequests.NONE, SetAside.LOGGED);

    /** A thousand records of four partitions, staged and taken in order of number. */
    @Benchmark
    @OperationsPerInvocation(BATCHES)
    public long stageAndTake() {
        MockConsumer<Long, Received<AdversarialBatch>> consumer = new MockConsumer<>("none");
        Outcomes outcomes = new Outcomes(new Position(0L, List.of(), zeros(), zeros()));
        BatchReader<AdversarialBatch> reader =
                new BatchReader<>(consumer, TOPIC, zeros(), outcomes, BATCHES, Admission.adversarial(RUN, 0, context));
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            beginnings.put(new TopicPartition(TOPIC, partition), 0L);
        }
        consumer.updateBeginningOffsets(beginnings);
        for (long number = 0; number < BATCHES; number++) {
            int partition = (int) (number % PARTITIONS);
            consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, number / PARTITIONS, number, Received.readable(
                    new AdversarialBatch(number, "attacker-1", new Refused("none"), Instant.EPOCH))));
        }
        long taken = 0;
        while (taken < BATCHES) {
            reader.poll(Duration.ZERO);
            while (reader.get(outcomes.next()).isPresent()) {
                reader.remove(outcomes.next());
                outcomes.add(outcomes.next());
                taken++;
            }
        }
        return taken;
    }

    private static List<Long> zeros() {
        return Collections.nCopies(PARTITIONS, 0L);
    }
}
