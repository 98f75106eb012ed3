package io.sparring.cli;

import org.junit.jupiter.api.extension.RegisterExtension;

class PipelineIT extends PipelineContract {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    @Override
    String bootstrapServers() {
        return BROKER.bootstrapServers();
    }
}
