package io.sparring.benchmarks;

import io.sparring.cli.ResultFile;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.InitialWeights;
import io.sparring.learning.ModelProgram;
import io.sparring.learning.ModelProgramBuilder;
import io.sparring.learning.Precision;
import io.sparring.learning.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One turn of Sparring's, in a process that nothing has run in before: what {@link StepCommand} starts. */
@Command(name = "step-turn", hidden = true, description = "One turn of `bench step`, in this process.")
final class StepTurnCommand implements Callable<Integer> {

    @Option(names = "--network", required = true)
    private String network;

    @Option(names = "--precision", required = true)
    private Precision precision;

    @Option(names = "--arrangement", required = true)
    private String arrangement;

    @Option(names = "--batch", required = true)
    private int batch;

    @Option(names = "--steps", required = true)
    private int steps;

    @Option(names = "--warm-up", required = true)
    private int warmUp;

    @Option(names = "--judged")
    private boolean judged;

    @Option(names = "--json", required = true)
    private Path json;

    @Override
    public Integer call() throws Exception {
        StepPlan plan = new StepPlan(
                StepNetwork.of(network), precision, Arrangement.parse(arrangement), batch, steps, warmUp, judged);
        byte[] savedModel = ModelProgramBuilder.build(plan.network().program());
        Tensors weights = InitialWeights.draw(plan.network().program(), 0);
        ExecutionSettings settings = new ExecutionSettings(plan.arrangement().threads(), 1).in(precision);
        List<ModelProgram> programs = new ArrayList<>();
        try {
            for (int session = 0; session < plan.arrangement().sessions(); session++) {
                ModelProgram program = ModelProgram.load(savedModel, settings);
                programs.add(program);
                program.assign(weights);
            }
            ResultFile.write(json, programs.size() == 1
                    ? new AloneTurn(programs.get(0), plan).measure() : new SharedTurn(programs, plan).measure());
        } finally {
            programs.forEach(ModelProgram::close);
        }
        return 0;
    }
}
