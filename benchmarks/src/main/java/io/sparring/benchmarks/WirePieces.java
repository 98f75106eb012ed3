package io.sparring.benchmarks;

import io.sparring.learning.InitialWeights;
import io.sparring.learning.PixelPerturbation;
import io.sparring.learning.SafeTensors;
import io.sparring.producer.Batch;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.Chunks;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Sha256;
import io.sparring.schemas.WireFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a batch of 128 CIFAR images, or an update of cnn4, goes through on its way from tensor to wire and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WirePieces {

    private final WireFormat<ImageBatch> cleanFormat = WireFormat.of(ImageBatch.class);
    private final WireFormat<AdversarialBatch> adversarialFormat = WireFormat.of(AdversarialBatch.class);
    private ImageBatch clean;
    private AdversarialBatch adversarial;
    private ByteBuffer encodedClean;
    private ByteBuffer encodedAdversarial;
    private byte[] pixels;
    private float[] perturbed;
    private byte[] perturbation;
    private byte[] weights;

    @Setup
    public void prepare() {
        RealBatches.Sample sample = sample(new Random(0));
        clean = WireRecords.clean(sample);
        adversarial = WireRecords.adversarial(sample);
        encodedClean = ByteBuffer.wrap(cleanFormat.encode(clean));
        encodedAdversarial = ByteBuffer.wrap(adversarialFormat.encode(adversarial));
        pixels = sample.batch().pixels();
        perturbation = sample.perturbation();
        perturbed = PixelPerturbation.apply(pixels, perturbation);
        weights = SafeTensors.encode(InitialWeights.draw(StepNetwork.CNN4.program(), 0), Map.of());
    }

    /** A batch of noise, half of whose perturbation is at the ball's border. */
    static RealBatches.Sample sample(Random random) {
        StepImages images = StepImages.draw(SimulatedProgram.BATCH, random.nextLong());
        byte[] pixels = new byte[images.pixels().length];
        float[] perturbed = new float[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = Math.round(images.pixels()[i] * 255);
            pixels[i] = (byte) pixel;
            int change = random.nextBoolean() ? (random.nextBoolean() ? 1 : -1) * RealBatches.BOUND
                    : random.nextInt(2 * RealBatches.BOUND + 1) - RealBatches.BOUND;
            perturbed[i] = Math.max(0, Math.min(255, pixel + change)) / 255f;
        }
        return new RealBatches.Sample(0, new Batch(0, 0, pixels, images.labels()),
                PixelPerturbation.encode(pixels, perturbed, RealBatches.BOUND));
    }

    @Benchmark
    public byte[] encodeCleanBatch() {
        return cleanFormat.encode(clean);
    }

    @Benchmark
    public ImageBatch decodeCleanBatch() {
        return cleanFormat.decode(encodedClean);
    }

    @Benchmark
    public byte[] encodeAdversarialBatch() {
        return adversarialFormat.encode(adversarial);
    }

    @Benchmark
    public AdversarialBatch decodeAdversarialBatch() {
        return adversarialFormat.decode(encodedAdversarial);
    }

    @Benchmark
    public String digestOfBatch() {
        return Sha256.of(clean.getPixels(), clean.getLabels());
    }

    @Benchmark
    public byte[] encodePerturbation() {
        return PixelPerturbation.encode(pixels, perturbed, RealBatches.BOUND);
    }

    @Benchmark
    public float[] applyPerturbation() {
        return PixelPerturbation.apply(pixels, perturbation);
    }

    @Benchmark
    public float[] imagesOfPixels() {
        return PixelPerturbation.images(pixels);
    }

    @Benchmark
    public Optional<byte[]> cutAndJoinWeights() {
        Chunks chunks = Chunks.of(weights);
        ChunkAssembler assembler = new ChunkAssembler();
        List<ByteBuffer> pieces = chunks.pieces();
        Optional<byte[]> whole = Optional.empty();
        for (int piece = 0; piece < pieces.size(); piece++) {
            whole = assembler.add("0/0", piece, pieces.size(), chunks.sha256(), pieces.get(piece));
        }
        return whole;
    }
}
