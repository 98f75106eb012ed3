package io.sparring.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sparring.learning.ProgramSize;
import io.sparring.pipeline.DataSettings;
import io.sparring.pipeline.EvaluationSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.DataSetGeometry;
import io.sparring.schemas.RunTopic;
import java.util.ArrayList;
import java.util.List;

/**
 * About how much disk and memory a run takes, told beforehand. What is constant here was measured with cnn4 and ResNet-18 on two
 * cores, batches of 64 to 512, and is right to within a factor of 1.5 there.
 *
 * @param batches that the topics are estimated for: the run's, or {@value #ENDLESS} of an endless one
 * @param endless whether the run has no last batch
 * @param weights values of the network, moving statistics included
 * @param trimmed whether the log is trimmed while the run goes on
 * @param topics those that grow with the run, for one copy of each partition
 * @param services one process of each
 */
record RunEstimate(String run, long batches, boolean endless, boolean trimmed, long weights, List<Topic> topics, List<Memory> services) {

    static final long ENDLESS = 1_000;

    private static final long MEGABYTE = 1_000_000;
    private static final int FLOAT = 4;
    /** A record's key, header, digest and times, with its share of Kafka's batch header and transaction marker. */
    private static final int RECORD = 250;
    private static final int SMALL_RECORD = 200;
    /** One that says what was measured and how. */
    private static final int MEASURED_RECORD = 450;
    /** The counts of one class, and the sums of one channel. */
    private static final int TALLY = 6;
    private static final int CHANNEL = 20;
    /** A safetensors header is about 2 KB for cnn4's 27 tensors, 10 KB for a ResNet's 120. */
    private static final int HEADER = 5_000;
    /** Bytes of the model program an operation of the forward pass takes: once over all, and for each step of an attack. */
    private static final int PROGRAM_OPERATION = 1_700;
    private static final int PROGRAM_STEP = 82;

    /** A Java virtual machine with Kafka clients and Vert.x, its heap grown a little. */
    private static final long SERVICE = 240 * MEGABYTE;
    /** The same with TensorFlow's library, of which more is used than the heap. */
    private static final long LEARNING_SERVICE = 520 * MEGABYTE;
    /** Each byte of a program becomes so many once TensorFlow has loaded and optimized it. */
    private static final int LOADED = 60;
    /** Forward passes of a batch that are alive at the same time. */
    private static final double TRAINING = 3.2;
    private static final double ATTACKING = 0.8;
    /** The weights, momenta, gradients, and what is read, encoded and sent of them. */
    private static final int TRAINERS_WEIGHTS = 8;
    private static final int READERS_WEIGHTS = 4;
    /** Batches of each partition that a trainer stages. */
    private static final int STAGED = 8;

    /**
     * One topic.
     *
     * @param records how many are written
     * @param bytes all of them together
     * @param diskBytes what is on disk at one time at most: where the run is trimmed, what its kept checkpoints and the services
     *     need, and of each partition a segment that is not full or not yet useless as a whole
     */
    record Topic(String topic, long records, long bytes, long diskBytes) {
    }

    /**
     * One service.
     *
     * @param bytes resident, of one process
     */
    record Memory(String service, long bytes) {
    }

    /**
     * @param views of each image in a batch, 1 or 2
     * @param size of the run's network
     */
    static RunEstimate of(RunSpecification run, DataSetGeometry images, int views, ProgramSize size) {
        long batches = run.data().batches() == 0 ? ENDLESS : run.data().batches();
        return new RunEstimate(run.run(), batches, run.data().batches() == 0,
                !run.log().equals("keep"), size.weights(),
                topics(run, images, views, size, batches), services(run, images, views, size));
    }

    /** Of all topics together, at one time. */
    @JsonProperty
    long diskBytes() {
        return topics.stream().mapToLong(Topic::diskBytes).sum();
    }

    /** Of all topics together, from the run's beginning to its end. */
    @JsonProperty
    long writtenBytes() {
        return topics.stream().mapToLong(Topic::bytes).sum();
    }

    private static List<Topic> topics(RunSpecification run, DataSetGeometry images, int views, ProgramSize size, long batches) {
        long pixels = (long) run.data().batchSize() * views * images.imageBytes();
        long updates = 1 + ceiling(batches, run.publishing().interval());
        long checkpoints = 1 + ceiling(batches, (long) run.publishing().interval() * run.publishing().checkpointEvery());
        long heldOut = heldOutImages(run) * (images.imageBytes() + 1) + (long) run.heldOutBatches() * RECORD;
        // clean, and under the run's evaluation attack
        long evaluations = (1 + ceiling(batches, run.evaluation().every())) * run.heldOutBatches() * 2;
        long published = FLOAT * (size.weights() + size.averaged()) + HEADER;
        // before a checkpoint is followed by the next, as many intervals as checkpoints are kept lie above the oldest of them
        long updatesKept = (long) run.publishing().checkpointsKept() * run.publishing().checkpointEvery();
        long updatesBefore = run.window() / run.publishing().interval() + 3;
        long batchesKept = updatesKept * run.publishing().interval() + run.window();
        List<Topic> topics = new ArrayList<>(List.of(
                trimmed(run, RunTopic.CLEAN_BATCHES, batches, pixels + run.data().batchSize() + RECORD,
                        batchesKept + run.data().lead()),
                trimmed(run, RunTopic.ADVERSARIAL_BATCHES, batches, pixels + RECORD, batchesKept),
                new Topic(RunTopic.HELD_OUT_BATCHES.of(run.run()), run.heldOutBatches(), heldOut, heldOut),
                trimmed(run, RunTopic.MODEL_UPDATES, updates, published, updatesBefore + updatesKept),
                trimmed(run, RunTopic.CHECKPOINTS, checkpoints, published + FLOAT * size.momenta(),
                        run.publishing().checkpointsKept() + 1),
                whole(run, RunTopic.RUNS, 1, program(run, size)),
                trimmed(run, RunTopic.TRAINING_STEPS, batches, SMALL_RECORD,
                        (updatesBefore + updatesKept) * run.publishing().interval()),
                whole(run, RunTopic.ATTACKS, batches, SMALL_RECORD + (run.prequential().window() == 0 ? 0
                        : TALLY * images.classes() + CHANNEL * images.channels())),
                whole(run, RunTopic.EVALUATIONS, evaluations, MEASURED_RECORD),
                whole(run, RunTopic.ATTACK_PROGRESS, progress(run, images, batches), MEASURED_RECORD),
                whole(run, RunTopic.ROBUSTNESS, evaluations, 2 * MEASURED_RECORD),
                whole(run, RunTopic.PREQUENTIAL, run.prequential().window() == 0 ? 0 : ceiling(batches, run.prequential().slide()),
                        MEASURED_RECORD + 2 * TALLY * images.classes() + 6 * CHANNEL * images.channels())));
        if (run.data().incoming()) {
            // those that nobody has numbered yet come on top
            topics.add(trimmed(run, RunTopic.INCOMING_IMAGES, batches * run.data().batchSize(), images.imageBytes() + SMALL_RECORD, 0));
        }
        return topics;
    }

    /** At most: an image that is fooled is done with. */
    private static long progress(RunSpecification run, DataSetGeometry images, long batches) {
        EvaluationSettings evaluation = run.evaluation();
        long versions = evaluation.suiteOnBest() ? 1 + ceiling(batches, evaluation.every())
                : ceiling(batches, (long) evaluation.every() * evaluation.suiteEvery());
        int targets = Math.min(evaluation.suiteTargets(), images.classes() - 1);
        long steps = 1 + (long) evaluation.suiteRestarts() * (2 + 2 * targets);
        return evaluation.hasSuite() ? versions * run.data().heldOutImages() * steps : 0;
    }

    private static Topic whole(RunSpecification run, RunTopic topic, long records, long bytesEach) {
        return new Topic(topic.of(run.run()), records, records * bytesEach, records * bytesEach);
    }

    /** @param kept records that are needed at one time */
    private static Topic trimmed(RunSpecification run, RunTopic topic, long records, long bytesEach, long kept) {
        Topic whole = whole(run, topic, records, bytesEach);
        long trimmed = kept * bytesEach + (long) topic.partitions(run.partitions()) * RunTopics.SEGMENT_BYTES;
        return run.log().equals("keep") ? whole
                : new Topic(whole.topic(), records, whole.bytes(), Math.min(whole.bytes(), trimmed));
    }

    private static List<Memory> services(RunSpecification run, DataSetGeometry images, int views, ProgramSize size) {
        long learning = LEARNING_SERVICE + LOADED * program(run, size);
        long weights = FLOAT * (size.weights() + size.averaged());
        long batch = (long) run.data().batchSize() * views * images.imageBytes();
        long forward = FLOAT * size.activations() * run.data().batchSize();
        long evaluated = FLOAT * size.activations() * Math.min(run.data().heldOutBatchSize(), run.data().heldOutImages());
        return List.of(
                // while it is read, the files are there beside the images
                new Memory("producer", SERVICE + 2L * images.images() * images.imageBytes()),
                new Memory("attacker", learning + READERS_WEIGHTS * weights + round(ATTACKING * forward)
                        + STAGED * run.partitions() * batch),
                new Memory("trainer", learning + TRAINERS_WEIGHTS * weights + round(TRAINING * views * forward)
                        + 2L * STAGED * run.partitions() * batch),
                new Memory("evaluator", learning + READERS_WEIGHTS * weights + round(ATTACKING * evaluated)
                        + heldOutImages(run) * images.imageBytes()));
    }

    private static long heldOutImages(RunSpecification run) {
        return (long) run.data().heldOutImages()
                + (run.data().heldOut().equals(DataSettings.BOTH) ? run.data().validationImages() : 0);
    }

    private static long program(RunSpecification run, ProgramSize size) {
        return (long) size.operations() * (PROGRAM_OPERATION + PROGRAM_STEP * (run.attack().steps() + run.evaluation().steps()));
    }

    private static long ceiling(long dividend, long divisor) {
        return (dividend - 1) / divisor + 1;
    }

    private static long round(double bytes) {
        return Math.round(bytes);
    }
}
