package io.sparring.learning;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which precision to compute in: one that is named, or {@code auto}, which is bfloat16 where that is faster on this machine
 * with this program, and float32 elsewhere.
 */
public final class PrecisionChoice {

    private static final Logger LOG = LoggerFactory.getLogger(PrecisionChoice.class);

    private static final String AUTO = "auto";
    private static final int IMAGES = 32;
    private static final int ROUNDS = 5;
    /** Less is noise, and not worth what bfloat16 loses. */
    private static final double WORTHWHILE = 0.9;

    private PrecisionChoice() {
    }

    /** What may be named. */
    public static List<String> names() {
        return List.of("float32", "bfloat16", AUTO);
    }

    /**
     * The settings in the precision that is named; says in the log which it is. {@code auto} loads the program twice and
     * takes gradients, which takes some seconds.
     *
     * @param program the model program that the settings are for
     * @throws IllegalArgumentException for another name, or for bfloat16 on a GPU
     */
    public static ExecutionSettings settle(String name, byte[] program, ExecutionSettings settings) {
        Setting.requireKnown(names(), "network.precision", name);
        boolean gpu = settings.device().isGpu();
        Setting.require(!gpu || !name.equals("bfloat16"), "network.precision", name,
                "float32 or auto on " + settings.device() + "; bfloat16 is for processors");
        if (!name.equals(AUTO)) {
            LOG.info("precision {}, as the run says", name);
            return settings.in(Precision.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        if (gpu) {
            LOG.info("precision auto: float32, since bfloat16 is for processors");
            return settings.in(Precision.FLOAT32);
        }
        Map<Precision, Long> nanos = measure(program, settings);
        Precision chosen = faster(nanos.get(Precision.FLOAT32), nanos.get(Precision.BFLOAT16));
        LOG.info("precision auto: {}; the gradients of {} images take {} ms in float32, {} ms in bfloat16",
                chosen.name().toLowerCase(Locale.ROOT), IMAGES, milliseconds(nanos.get(Precision.FLOAT32)),
                milliseconds(nanos.get(Precision.BFLOAT16)));
        return settings.in(chosen);
    }

    private static String milliseconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }

    /** The one to choose where a batch takes so long in each. */
    static Precision faster(long float32Nanos, long bfloat16Nanos) {
        return bfloat16Nanos < WORTHWHILE * float32Nanos ? Precision.BFLOAT16 : Precision.FLOAT32;
    }

    /** The shortest time that the gradients of a batch take, in nanoseconds: in turns, so that other work disturbs both. */
    private static Map<Precision, Long> measure(byte[] savedModel, ExecutionSettings settings) {
        Map<Precision, Long> shortest = new EnumMap<>(Precision.class);
        try (LoadedProgram float32 = LoadedProgram.load(savedModel, settings.in(Precision.FLOAT32));
                LoadedProgram bfloat16 = LoadedProgram.load(savedModel, settings.in(Precision.BFLOAT16))) {
            Map<Precision, LoadedProgram> programs = new EnumMap<>(Map.of(
                    Precision.FLOAT32, float32, Precision.BFLOAT16, bfloat16));
            programs.values().forEach(program -> program.assign(Tensors.zeros(program.weightShapes())));
            for (int round = 0; round <= ROUNDS; round++) {
                boolean warm = round > 0;
                programs.forEach((precision, program) -> {
                    long nanos = time(program);
                    if (warm) {
                        shortest.merge(precision, nanos, Math::min);
                    }
                });
            }
        }
        return shortest;
    }

    private static long time(ModelProgram program) {
        long start = System.nanoTime();
        program.gradient(GradientLoss.CROSS_ENTROPY, new float[IMAGES * program.geometry().imageSize()], new int[IMAGES], new int[IMAGES]);
        return System.nanoTime() - start;
    }
}
