package io.sparring.simulation;

/** Ends a process at once, wherever it is. */
final class Killed extends Error {

    private static final long serialVersionUID = 1;

    Killed() {
        super("killed", null, false, false);
    }
}
