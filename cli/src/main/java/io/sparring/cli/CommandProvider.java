package io.sparring.cli;

/**
 * Brings a command from a module that the command line does not know. Found by {@link java.util.ServiceLoader}: the class path
 * decides which commands there are.
 */
public interface CommandProvider {

    /** An object whose class has picocli's {@code @Command} with a name that no other command has. */
    Object command();
}
