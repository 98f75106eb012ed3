package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the documentation, compiled and put on the class path as it says. */
class ProvidedNetworkTest {

    private static final Path PAGE = Path.of("..", "docs", "bring-your-own-network.md");

    @TempDir
    private Path folder;

    @Test
    void theExampleOfThePageIsBuiltTrainedAndAttacked() throws Exception {
        String code = block("java");
        assertThat(code.lines().filter(line -> !line.isBlank() && !line.startsWith("import")).count()).isLessThan(26);
        compile(code, block(""));
        with(() -> {
            assertThat(NetworkSpecification.names()).contains("tiny-residual", "cnn4");
            ProgramSpecification tiny = TinyProgram.specification("pgd-at+rpat", false);
            ProgramSpecification specification = new ProgramSpecification(tiny.geometry(),
                    new NetworkSpecification("tiny-residual", 4, 1, false, List.of(0.5f, 0.4f, 0.3f), List.of(0.2f, 0.3f, 0.25f)),
                    tiny.objective(), tiny.optimizer(), tiny.attacks());
            try (ModelProgram program = TinyProgram.load(specification)) {
                assertThat(program.weights().names()).contains("stem/kernel", "block/conv/kernel", "block/bn/gamma", "head/bias");
                float[] images = TinyProgram.images(new Random(1), 16);
                int[] labels = TinyProgram.labels(new Random(2), 16);
                float first = program.train(images, images, labels, 0.05f, 1).total();
                float last = first;
                for (int step = 0; step < 30; step++) {
                    last = program.train(images, images, labels, 0.05f, 1).total();
                }
                assertThat(last).isLessThan(0.9f * first);
                AttackResult result = program.attack("training", images, labels, 0, 0.1f, 0.05f);
                assertThat(sum(result.lossAfter())).isGreaterThan(sum(result.lossBefore()));
            }
            return null;
        });
        assertThat(NetworkSpecification.names()).as("without it on the class path").doesNotContain("tiny-residual");
    }

    @Test
    void aNameThatIsTakenOrCannotBeOneIsRefused() throws Exception {
        for (String name : List.of("cnn4", "wideresnet-28-3", "Tiny", "")) {
            compile(block("java").replace("\"tiny-residual\"", "\"" + name + "\""), block(""));
            with(() -> {
                assertThatIllegalArgumentException().isThrownBy(NetworkSpecification::names)
                        .withMessageStartingWith("network of example.TinyResidual: '" + name + "' is not allowed; allowed: ");
                return null;
            });
        }
    }

    @Test
    void thePageNamesEverySignatureWithItsInputsAndOutputs() throws IOException {
        String page = Files.readString(PAGE);
        for (String objective : List.of("consistency+rpat", "rpat++")) {
            Files.write(folder.resolve(SavedModelFile.NAME), ModelProgramBuilder.build(TinyProgram.specification(objective, true)));
            try (LoadedModel model = new LoadedModel(folder, ProgramSignature.PREDICT, TinyProgram.SETTINGS)) {
                model.signatures().forEach((name, signature) -> {
                    assertThat(page).contains("`" + name + "`");
                    // those name the variables on one side
                    if (!name.startsWith("assign") && !name.startsWith("read")) {
                        assertThat(signature.inputs().keySet()).as(name).allMatch(input -> page.contains("`" + input + "`"));
                        assertThat(signature.outputs().keySet()).as(name).allMatch(output -> page.contains("`" + output + "`"));
                    }
                });
                assertThat(model.signature(ProgramSignature.READ).inputs()).containsOnlyKeys("nothing");
                assertThat(model.signature(ProgramSignature.ASSIGN).outputs()).containsOnlyKeys("done");
            }
        }
    }

    private void compile(String code, String service) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(NetworkProvider.class.getName()), service);
        Path source = Files.writeString(folder.resolve("TinyResidual.java"), code);
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null,
                "-cp", System.getProperty("java.class.path"), "-proc:none", "-d", folder.toString(), source.toString());
        assertThat(failed).isZero();
    }

    /** Calls with what was compiled on the thread's class path. */
    private void with(Callable<Void> call) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            call.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String block(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(PAGE).replaceAll(language.isEmpty() ? "(?s)```java.*?```" : "$^", ""));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
