package io.sparring.learning;

/** How a service comes by what it computes with: {@link ModelProgram#load}, unless computing is not what is looked at. */
@FunctionalInterface
public interface ProgramLoader {

    /**
     * Loads a program; closing it is the caller's.
     *
     * @throws IllegalArgumentException when the bytes are no model program, or not one that may be loaded
     */
    ModelProgram load(byte[] savedModel, ExecutionSettings settings);
}
