package io.sparring.cli;

import io.sparring.pipeline.FaultPoint;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceHost;
import io.sparring.pipeline.Tracing;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all services have in common on the command line, and how they run. */
final class ServiceOptions {

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--instance", paramLabel = "NAME", defaultValue = "${env:SPARRING_INSTANCE}",
            description = "Name of this process, unique in the run (default: from host and process id).")
    private String instance;

    @Option(names = "--http-host", paramLabel = "ADDRESS", defaultValue = "${env:SPARRING_HTTP_HOST:-127.0.0.1}",
            description = "Address of /health/live, /health/ready and /metrics (default: ${DEFAULT-VALUE}).")
    private String httpHost;

    @Option(names = "--http-port", paramLabel = "PORT", defaultValue = "${env:SPARRING_HTTP_PORT:-0}",
            description = "Their port (default: any free one).")
    private int httpPort;

    @Option(names = "--tracing", defaultValue = "${env:SPARRING_TRACING:-false}",
            description = "Make OpenTelemetry spans and put their trace context into the headers of records. Where they go to is "
                    + "set by OpenTelemetry's own variables, such as OTEL_EXPORTER_OTLP_ENDPOINT.")
    private boolean tracing;

    RunSpecification specification() {
        return run.specification();
    }

    KafkaSettings kafka() {
        return kafka.settings();
    }

    /**
     * Runs the service until it is told to stop by SIGTERM or Ctrl-C, or cannot go on.
     *
     * @throws Exception what it could not go on after
     */
    int run(Service service, RunSpecification specification, KafkaSettings settings) throws Exception {
        FaultPoint.arm(System.getenv());
        String name = instanceOrDefault(service);
        ServiceHost host = ServiceHost.start(service, specification.run(), name, settings, new HttpSettings(httpHost, httpPort),
                tracing ? Tracing.configured(service.name(), specification.run(), name) : Tracing.OFF);
        // SIGTERM and Ctrl-C run this hook: the batch under way is finished and committed before the process ends
        Thread hook = new Thread(host::close, "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        ParentProcess.tellReady(host.address());
        try {
            host.ended().get();
            return 0;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    private String instanceOrDefault(Service service) {
        if (instance != null && !instance.isBlank()) {
            return instance;
        }
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return service.name() + "-" + host + "-" + ProcessHandle.current().pid();
    }
}
