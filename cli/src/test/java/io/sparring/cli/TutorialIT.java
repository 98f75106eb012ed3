package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what docs/tutorial.md says, from pictures in a folder to a model that is attacked and replayed: its run file, and its
 * commands as they stand there, but with fewer batches.
 */
class TutorialIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final long MINUTES = 10;
    private static final String DOCUMENTED_BATCHES = "300";
    private static final String BATCHES = "30";

    @TempDir
    private Path folder;

    @Test
    void picturesOfOnesOwnBecomeARobustModel() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/tutorial.md"));
        String run = blocks(page, "yaml").get(0);
        assertThat(run).contains("batches: " + DOCUMENTED_BATCHES);
        Files.writeString(folder.resolve("shapes.yaml"), run.replace("batches: " + DOCUMENTED_BATCHES, "batches: " + BATCHES));
        List<String> commands = blocks(page, "tutorial").stream().flatMap(String::lines).toList();
        assertThat(commands).hasSize(4);
        for (String command : commands) {
            run(command.replace("shapes-0-" + DOCUMENTED_BATCHES, "shapes-0-" + BATCHES));
        }
        assertThat(folder.resolve("pictures/train/circle/0.png")).exists();
        assertThat(folder.resolve(".sparring/shapes/export/shapes-0-" + BATCHES)).isDirectory();
    }

    private void run(String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String program = words.remove(0);
        if (program.equals("java")) {
            words.set(0, ROOT.resolve(words.get(0)).toString());
            words.add(0, java);
        } else {
            assertThat(program).isEqualTo("./sparring");
            String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(entry -> Path.of(entry).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
            words.addAll(0, List.of(java, "-cp", classPath, Sparring.class.getName()));
        }
        Path log = folder.resolve("output.txt");
        Process process = new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(command).isTrue();
            assertThat(process.exitValue()).as("%s: %s", command, Files.readString(log)).isZero();
        } finally {
            process.destroy();
        }
    }

    private static List<String> blocks(String page, String language) {
        Matcher matcher = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page);
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }
}
