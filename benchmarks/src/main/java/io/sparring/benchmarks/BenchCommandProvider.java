package io.sparring.benchmarks;

import io.sparring.cli.CommandProvider;

/** Brings {@code sparring bench}. */
public final class BenchCommandProvider implements CommandProvider {

    @Override
    public Object command() {
        return new BenchCommand();
    }
}
