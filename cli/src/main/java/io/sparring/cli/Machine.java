package io.sparring.cli;

import com.sun.management.OperatingSystemMXBean;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.Platform;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What was measured on.
 *
 * @param processor    its model, as the system names it
 * @param cores        that this process may use
 * @param memoryGib    of the machine, in GiB
 * @param system       operating system and its version
 * @param jdk          the Java that runs this
 * @param instructions of the processor that TensorFlow and oneDNN choose their code by, with a space between
 */
public record Machine(String processor, int cores, double memoryGib, String system, String jdk, String instructions) {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** This one. */
    public static Machine here() throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(processorModel(), Runtime.getRuntime().availableProcessors(),
                Math.round(10 * system.getTotalMemorySize() / (double) (1 << 30)) / 10.0,
                system.getName() + " " + system.getVersion(),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Platform.of(ExecutionSettings.standard()).instructions());
    }

    /** Whether the processor computes in bfloat16: with AMX or with AVX-512. */
    public boolean hasBfloat16() {
        return instructions.contains("amx_bf16") || instructions.contains("avx512_bf16");
    }

    /** One line for a reader. */
    public String text() {
        return processor + ", " + cores + (cores == 1 ? " core, " : " cores, ") + memoryGib + " GiB, " + system + ", " + jdk;
    }

    private static String processorModel() throws IOException {
        if (!Files.exists(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(PROCESSORS).stream().filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst().orElse(System.getProperty("os.arch"));
    }
}
