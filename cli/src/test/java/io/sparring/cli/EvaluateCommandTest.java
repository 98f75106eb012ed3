package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What evaluate refuses before it computes anything. */
class EvaluateCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void makeWhatIsThere() throws IOException {
        Files.writeString(folder.resolve("weights"), "no weights");
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("run.yaml"), "run: made");
        for (String split : List.of("train/a", "train/b", "test/a")) {
            Files.createDirectories(folder.resolve("images").resolve(split));
            PixelFiles.write(folder.resolve("images").resolve(split).resolve("1.png"), 8, new byte[64]);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--epsilon 8/255                                               | model: 'none'             | --model FILE|DIR, or --run FILE",
        "--epsilon 8/255 --model weights --run run.yaml                | model: '--model and --run'| or --run FILE",
        "--model weights                                               | --epsilon                 | --help",
        "--model weights --epsilon x                                   | --epsilon                 | a fraction such as 8/255",
        "--model weights --epsilon 0                                   | epsilon: '0.0'            | above 0",
        "--model nothing --epsilon 0.1                                 | --model: '                | that is there",
        "--model empty --epsilon 0.1 --width 4                         | network: 'described       | for --model FILE",
        "--model weights --epsilon 0.1 --update 0/1                    | --update and --set        | with --run FILE",
        "--run run.yaml --update 7 --epsilon 0.1                       | --update: '7'             | such as 0/300",
        "--model weights --epsilon 0.1 --norm l3                       | attack.norm: 'l3'         | linf, l2",
        "--model weights --epsilon 0.1 --suite fab                     | --suite: 'fab'            | autoattack, clean, pgd20",
        "--model weights --epsilon 0.1 --suite autoattack,square       | --suite: 'autoattack,     | some of its parts",
        "--model weights --epsilon 0.1 --suite pgd20,pgd50             | --suite: 'pgd20,pgd50'    | one PGD",
        "--model weights --epsilon 0.1 --suite pgd20 --pgd-steps 5     | --pgd-steps: '5'          | as --suite has it: 20",
        "--model weights --epsilon 0.1 --suite pgd20 --alone           | --alone: 'pgd20'          | parts of it",
        "--model weights --epsilon 0.1 --suite pgd20 --restarts 0      | restarts: '0'             | 1, or more",
        "--model weights --epsilon 0.1 --batch 0                       | --batch: '0'              | at least 1",
        "--model weights --epsilon 0.1 --suite pgd20 --robustbench x   | --robustbench: 'x'        | --suite autoattack",
        "--model weights --epsilon 0.1 --info name=x                   | --info: '{name=x}'        | --robustbench FILE",
        "--model weights --epsilon 0.1 --robustbench x --info who=x    | --info: 'who'             | link, name, authors",
        "--model weights --epsilon 0.1                                 | --dataset: 'none'         | name of a data set",
        "--model weights --epsilon 0.1 --dataset cifar11               | data.name: 'cifar11'      | cifar10, cifar100",
        "--model weights --epsilon 0.1 --dataset image-folder --data empty   | --data                    | train/<class>",
        "--model weights --epsilon 0.1 --dataset image-folder --data images --images 2 | --images: '2' | from 1 to 1",
        "--model weights --epsilon 0.1 --dataset image-folder --data images   | --model                   | safetensors",
        "--model empty --epsilon 0.1 --dataset image-folder --data images     | --model: '                | saved_model.pb"})
    void isSaidInOneLine(String options, String what, String allowed) {
        StringWriter error = new StringWriter();
        List<String> words = new ArrayList<>(List.of("evaluate"));
        for (String word : options.split(" ")) {
            words.add(List.of("weights", "nothing", "empty", "run.yaml", "images").contains(word)
                    ? folder.resolve(word).toString() : word);
        }

        int exitCode = Sparring.commandLine().setErr(new PrintWriter(error)).setOut(new PrintWriter(new StringWriter()))
                .execute(words.toArray(String[]::new));

        assertThat(exitCode).isBetween(1, 2);
        assertThat(error.toString().lines()).singleElement().asString().startsWith("sparring: ").contains(what, allowed);
    }

    @Test
    void tellsWhatThereIs() {
        StringWriter out = new StringWriter();

        assertThat(Sparring.commandLine().setOut(new PrintWriter(out)).execute("evaluate", "--help")).isZero();

        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("goes on where it was killed", "--suite=NAME[,NAME...]", "--robustbench=FILE");
    }
}
