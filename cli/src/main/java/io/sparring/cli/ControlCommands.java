package io.sparring.cli;

import io.sparring.pipeline.RunOperator;
import io.sparring.schemas.RunState;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What an operator asks of a run as a whole. */
final class ControlCommands {

    private ControlCommands() {
    }

    @Command(name = "pause", mixinStandardHelpOptions = true,
            description = "Has the trainer wait at its next update, and with it all others, until `resume`.")
    static final class Pause implements Callable<Integer> {

        @Mixin
        private Control control;

        @Override
        public Integer call() {
            return control.ask(RunState.PAUSED, "is to pause at its trainer's next update");
        }
    }

    @Command(name = "resume", mixinStandardHelpOptions = true,
            description = "Lets a run go on that was paused or stopped; a stopped one when its services are started again.")
    static final class Resume implements Callable<Integer> {

        @Mixin
        private Control control;

        @Override
        public Integer call() {
            return control.ask(RunState.RUNNING, "is to go on");
        }
    }

    @Command(name = "stop", mixinStandardHelpOptions = true,
            description = "Ends all services of the run; what is committed is gone on from after `resume`.")
    static final class Stop implements Callable<Integer> {

        @Mixin
        private Control control;

        @Override
        public Integer call() {
            return control.ask(RunState.STOPPED, "is to stop: its services end");
        }
    }

    /** What the three have in common. */
    static final class Control {

        @Spec(Spec.Target.MIXEE)
        private CommandSpec spec;

        @Mixin
        private RunOptions run;

        @Mixin
        private KafkaOptions kafka;

        int ask(RunState state, String said) {
            String name = run.specification().run();
            try (RunOperator operator = new RunOperator(kafka.settings(), name, Clock.systemUTC())) {
                operator.control(state);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("run " + name + " " + said);
            out.flush();
            return 0;
        }
    }
}
