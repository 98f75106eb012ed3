package io.sparring.cli;

import io.sparring.dashboard.Dashboard;
import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.RunTopics;
import io.sparring.producer.DataSets;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the web page of a run. */
@Command(name = "dashboard", mixinStandardHelpOptions = true,
        description = "Serves a web page that shows a run, live, until Ctrl-C or SIGTERM: accuracy, losses, throughput, services, "
                + "images, alarms and dead letters, from the run's metric topics alone. It only reads.")
final class DashboardCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions run;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "${env:SPARRING_HTTP_HOST:-127.0.0.1}",
            description = "Address of the page (default: ${DEFAULT-VALUE}). There is no login: elsewhere than on this machine, "
                    + "whoever reaches it sees the run.")
    private String host;

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "${env:SPARRING_HTTP_PORT:-8421}",
            description = "Its port, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() throws Exception {
        HttpSettings http = new HttpSettings(host, port);
        RunSpecification specification = run.specification();
        KafkaSettings settings = kafka.settings();
        try (Admin admin = settings.admin()) {
            if (!new RunTopics(admin).exist(specification.run())) {
                throw new IllegalArgumentException("run " + specification.run() + " has no topics on " + settings
                        + "; `sparring topics create` makes them");
            }
        }
        Dashboard dashboard = Dashboard.start(specification, DataSets.classNames(specification.data().name()), settings, http,
                Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(dashboard::close, "dashboard-close"));
        if (ParentProcess.present()) {
            ParentProcess.tellReady(dashboard.address());
        } else {
            PrintWriter out = spec.commandLine().getOut();
            out.println("dashboard of run " + specification.run() + " at " + dashboard.address());
            out.flush();
        }
        try {
            dashboard.ended().get();
            return 0;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
