package io.sparring.learning;

/**
 * Brings a network of one's own. Whatever such classes {@link java.util.ServiceLoader} finds on the class path can be named in a
 * run; see {@code docs/bring-your-own-network.md}. Only who builds the model program needs them, which is the trainer and who
 * exports: all others load the program itself.
 */
public interface NetworkProvider {

    /** What {@code network.name} calls it: lower-case letters, digits and hyphens, and no name of a network that Sparring has. */
    String name();

    /**
     * The network, made of layers of this package or of one's own. Normalisation of its images is put before it.
     *
     * @param geometry      of the images, N x H x W x C in [0,1], and how many classes its logits are to tell apart
     * @param specification the run's {@code network.*}, to be used as far as it fits
     * @throws IllegalArgumentException when the network does not fit the images
     */
    Network network(Geometry geometry, NetworkSpecification specification);
}
