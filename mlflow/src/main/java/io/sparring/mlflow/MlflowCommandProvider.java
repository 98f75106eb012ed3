package io.sparring.mlflow;

import io.sparring.cli.CommandProvider;

/** Brings {@code sparring mlflow}. */
public final class MlflowCommandProvider implements CommandProvider {

    @Override
    public Object command() {
        return new MlflowCommand();
    }
}
