package io.sparring.simulation;

/** A service at work, one small piece of its loop at a time. */
@FunctionalInterface
public interface Steps {

    /** What the service does in one round of its loop. */
    void step();
}
