package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformTest {

    private static final ExecutionSettings FLOAT32 = new ExecutionSettings(1, 1);
    private static final List<String> PROCESSORS = List.of("processor\t: 0", "model name\t: some",
            "flags\t\t: fpu sse sse4_1 avx2 avx avx512_bf16 hypervisor amx_bf16 md_clear", "flags\t\t: avx");

    @Test
    void isOneStableLine() {
        Platform platform = Platform.of(FLOAT32.in(Precision.BFLOAT16), PROCESSORS, Map.of());
        assertThat(platform.toString()).matches("[a-z]+-[a-z0-9_]+, TensorFlow \\d+\\.\\d+\\.\\d+, cpu, bfloat16, "
                + "amx_bf16 avx avx2 avx512_bf16 sse4_1");
        assertThat(Platform.parse(platform.toString())).hasValue(platform);
    }

    @Test
    void instructionsAreEmptyWhereUnknown() {
        Platform platform = Platform.of(FLOAT32, List.of(), Map.of());
        assertThat(platform.instructions()).isEmpty();
        assertThat(Platform.parse(platform.toString())).hasValue(platform);
    }

    @Test
    void armNamesItsInstructionsOtherwise() {
        assertThat(Platform.of(FLOAT32, List.of("Features\t: fp asimd evtstrm sve bf16"), Map.of()).instructions())
                .isEqualTo("asimd bf16 sve");
    }

    @Test
    void whatTheEnvironmentForbidsIsPartOfIt() {
        Platform platform = Platform.of(FLOAT32, PROCESSORS.subList(3, 4),
                Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "TF_ENABLE_ONEDNN_OPTS", "0", "HOME", "/"));
        assertThat(platform.instructions()).isEqualTo("avx ONEDNN_MAX_CPU_ISA=AVX2 TF_ENABLE_ONEDNN_OPTS=0");
    }

    @Test
    void namesInWhatTwoDiffer() {
        Platform one = new Platform("linux-x86_64", "2.16.1", "cpu", "float32", "avx avx2 avx512f");
        assertThat(one.differences(one)).isEmpty();
        assertThat(one.differences(new Platform("linux-x86_64", "2.17.0", "cpu", "bfloat16", "avx avx2")))
                .containsExactly("TensorFlow: 2.16.1 and 2.17.0", "precision: float32 and bfloat16",
                        "instructions: avx512f and no others");
        assertThat(one.differences(new Platform("linux-arm64", "2.16.1", "gpu", "float32", "avx avx2 avx512f")))
                .containsExactly("system: linux-x86_64 and linux-arm64", "device: cpu and gpu");
    }

    @Test
    void anotherTextIsNone() {
        assertThat(Platform.parse("")).isEmpty();
        assertThat(Platform.parse("a, b, c, d, e")).isEmpty();
    }

    @Test
    void aProgramKnowsItsOwn() {
        try (ModelProgram program = TinyProgram.load(TinyProgram.specification("pgd-at", false))) {
            assertThat(program.platform()).isEqualTo(Platform.of(TinyProgram.SETTINGS).toString());
        }
    }
}
