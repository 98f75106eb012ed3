package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code data.*} of a run: what is streamed.
 *
 * @param name name of the data set; the producer knows which there are
 * @param source what is trained on: the images of the data set, {@value #DATA_SET}, or those that come by the topic
 *     {@code incoming-images}, {@value #INCOMING}, while size, classes and held-out images are those of the data set
 * @param fillSeconds how long a batch of incoming images waits to be full, 0 for as long as it takes
 * @param imageSize side of the square that images are resized to, in pixels, 0 for images as they are
 * @param batchSize images of a training batch
 * @param batches training batches of the run, 0 for an endless one
 * @param cropPadding pixels of padding that random crops are taken from, 0 for no cropping
 * @param cropMode what the padding is: {@code zero} or {@code reflect}
 * @param flip whether images are mirrored at random
 * @param autoAugment whether AutoAugment's policy for CIFAR-10 is applied
 * @param cutout side of the square that is blacked out at random, in pixels, 0 for none
 * @param validationImages images that are cut from the training split
 * @param heldOut the split that updates are measured on: {@value #TEST}, {@value #VALIDATION} or {@value #BOTH}
 * @param heldOutImages images of that split that updates are measured on; beside both, all of the validation split
 * @param heldOutBatchSize images of a held-out record
 * @param lead batches that the producer stays ahead of the trainer
 */
public record DataSettings(String name, String source, int fillSeconds, int imageSize, int batchSize, long batches,
        int cropPadding, String cropMode, boolean flip, boolean autoAugment, int cutout, int validationImages, String heldOut,
        int heldOutImages, int heldOutBatchSize, int lead) {

    public static final String DATA_SET = "dataset";
    public static final String INCOMING = "incoming";
    public static final String TEST = "test";
    public static final String VALIDATION = "validation";
    public static final String BOTH = "both";

    public DataSettings {
        Setting.oneOf("data.source", source, List.of(DATA_SET, INCOMING));
        Setting.atLeast("data.fillSeconds", fillSeconds, 0);
        Setting.require(fillSeconds == 0 || source.equals(INCOMING), "data.fillSeconds", fillSeconds,
                "0 where data.source is " + DATA_SET + ", whose batches are always full");
        Setting.between("data.imageSize", imageSize, 0, 1024);
        Setting.between("data.batchSize", batchSize, 1, 65_536);
        Setting.atLeast("data.batches", batches, 0);
        Setting.between("data.cropPadding", cropPadding, 0, 64);
        Setting.oneOf("data.cropMode", cropMode, List.of("zero", "reflect"));
        Setting.between("data.cutout", cutout, 0, 1024);
        Setting.atLeast("data.validationImages", validationImages, 0);
        Setting.oneOf("data.heldOut", heldOut, List.of(TEST, VALIDATION, BOTH));
        Setting.atLeast("data.heldOutImages", heldOutImages, 1);
        if (!heldOut.equals(TEST)) {
            Setting.require(validationImages > 0, "data.heldOut", heldOut, "test where data.validationImages is 0");
        }
        if (heldOut.equals(VALIDATION)) {
            Setting.require(validationImages >= heldOutImages, "data.validationImages", validationImages,
                    "at least data.heldOutImages = " + heldOutImages + " where data.heldOut is validation");
        }
        Setting.between("data.heldOutBatchSize", heldOutBatchSize, 1, 65_536);
        Setting.between("data.lead", lead, 1, 1_000_000);
    }

    /** Whether the validation split is among what updates are measured on. */
    public boolean validates() {
        return !heldOut.equals(TEST);
    }

    /** Whether the training images come by the topic {@code incoming-images}. */
    public boolean incoming() {
        return source.equals(INCOMING);
    }

    /** What reports call the images that updates are measured on. */
    public String slice() {
        return heldOut.equals(VALIDATION) ? "validation" : "held-out";
    }
}
