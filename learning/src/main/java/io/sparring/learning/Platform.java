package io.sparring.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.Loader;

/**
 * What the bits of a computation depend on beside its inputs. The same program, weights and batches give the same bits on equal
 * platforms; on others they may differ.
 *
 * @param system operating system and architecture, such as linux-x86_64
 * @param tensorFlow its version
 * @param device cpu or gpu
 * @param precision float32 or bfloat16
 * @param instructions of the processor, those that TensorFlow and oneDNN choose their code by, sorted, with a space between; empty
 *     where unknown. What the environment forbids them follows as NAME=value
 */
public record Platform(String system, String tensorFlow, String device, String precision, String instructions) {

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    private static final String VERSION = "TensorFlow ";
    private static final String BETWEEN = ", ";
    /** oneDNN's levels from SSE 4.1 to AMX, and those of 64-bit ARM, as Linux names them. */
    private static final Set<String> CHOSEN_BY = Set.of("sse4_1", "avx", "fma", "avx2", "avx_vnni", "avx_vnni_int8",
            "avx_ne_convert", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile",
            "amx_int8", "amx_bf16", "amx_fp16", "asimd", "asimddp", "asimdhp", "bf16", "i8mm", "sve", "sve2", "svebf16");
    private static final List<String> FORBIDDING = List.of("ONEDNN_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS");

    /** That of a session with these settings on this machine. */
    public static Platform of(ExecutionSettings settings) {
        return of(settings, processors(), System.getenv());
    }

    static Platform of(ExecutionSettings settings, List<String> processors, Map<String, String> environment) {
        List<String> instructions = new ArrayList<>(instructions(processors));
        FORBIDDING.stream().filter(environment::containsKey).forEach(name -> instructions.add(name + "=" + environment.get(name)));
        return new Platform(Loader.getPlatform(), TensorFlow.version(), settings.device().isGpu() ? "gpu" : "cpu",
                settings.precision().name().toLowerCase(Locale.ROOT), String.join(" ", instructions));
    }

    /** Reads what {@link #toString} writes; nothing if the text is something else. */
    public static Optional<Platform> parse(String text) {
        String[] parts = text.split(BETWEEN, -1);
        return parts.length == 5 && parts[1].startsWith(VERSION)
                ? Optional.of(new Platform(parts[0], parts[1].substring(VERSION.length()), parts[2], parts[3], parts[4]))
                : Optional.empty();
    }

    /** In what the two differ, such as {@code precision: bfloat16 and float32}; empty if in nothing. */
    public List<String> differences(Platform other) {
        List<String> differences = new ArrayList<>();
        compare(differences, "system", system, other.system);
        compare(differences, "TensorFlow", tensorFlow, other.tensorFlow);
        compare(differences, "device", device, other.device);
        compare(differences, "precision", precision, other.precision);
        compare(differences, "instructions", words(instructions, other.instructions), words(other.instructions, instructions));
        return differences;
    }

    private static void compare(List<String> differences, String name, String one, String other) {
        if (!one.equals(other)) {
            differences.add(name + ": " + one + " and " + other);
        }
    }

    /** Those of the one that the other lacks: of dozens, they are what matters. */
    private static String words(String one, String other) {
        Set<String> words = new TreeSet<>(List.of(one.split(" ")));
        words.removeAll(List.of(other.split(" ")));
        words.remove("");
        return words.isEmpty() ? "no others" : String.join(" ", words);
    }

    private static Set<String> instructions(List<String> processors) {
        Set<String> found = new TreeSet<>();
        // the first processor's: a machine with processors of several kinds has the others' in common, or is not for replaying
        processors.stream().filter(line -> line.startsWith("flags") || line.startsWith("Features")).findFirst().ifPresent(line ->
                Arrays.stream(line.substring(line.indexOf(':') + 1).trim().split(" ")).filter(CHOSEN_BY::contains)
                        .forEach(found::add));
        return found;
    }

    private static List<String> processors() {
        try {
            return Files.exists(PROCESSORS) ? Files.readAllLines(PROCESSORS) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** All of it as one line. */
    @Override
    public String toString() {
        return String.join(BETWEEN, system, VERSION + tensorFlow, device, precision, instructions);
    }
}
