package io.sparring.benchmarks;

import io.sparring.producer.DataSet;
import io.sparring.producer.DataSetLoader;
import io.sparring.producer.LabeledImages;
import java.util.Random;
import java.util.stream.IntStream;

/** Images of CIFAR-10's shape, drawn at random: what goes over the wire does not compress, as pictures hardly do. */
final class RandomImages implements DataSetLoader {

    private static final int TRAINING = 4096;
    private static final int HELD_OUT = 250;

    @Override
    public DataSet load(String name, int imageSize) {
        return new DataSet(name, IntStream.range(0, StepNetwork.GEOMETRY.classes()).mapToObj(Integer::toString).toList(),
                draw(TRAINING, 1), draw(HELD_OUT, 2));
    }

    private static LabeledImages draw(int images, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[images * StepNetwork.GEOMETRY.imageSize()];
        random.nextBytes(pixels);
        return new LabeledImages(pixels, random.ints(images, 0, StepNetwork.GEOMETRY.classes()).toArray(),
                StepNetwork.GEOMETRY.height(), StepNetwork.GEOMETRY.width(), StepNetwork.GEOMETRY.channels(),
                StepNetwork.GEOMETRY.classes());
    }
}
