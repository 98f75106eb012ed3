package io.sparring.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.ConfigProto;

class DeviceTest {

    @Test
    void isTheProcessorOrAGpu() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.CPU).hasToString("cpu");
        assertThat(Device.CPU.isGpu()).isFalse();
        assertThat(Device.parse("gpu:0")).isEqualTo(new Device(0)).hasToString("gpu:0");
        assertThat(Device.parse("gpu:12").gpu()).isEqualTo(12);
        assertThat(Device.parse("gpu:12").isGpu()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CPU", "gpu", "gpu:", "gpu:-1", "gpu:x", "gpu:256", "gpu:9999999999", "cpu:0", " cpu"})
    void isNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Device.parse(text))
                .withMessage("device: '" + text + "' is not allowed; allowed: cpu, or gpu:0 to gpu:255");
    }

    @Test
    void hidesEveryGpuFromASessionOnTheProcessor() {
        ConfigProto session = new ExecutionSettings(2, 1).configuration();

        assertThat(session.getDeviceCountMap()).containsEntry("GPU", 0);
        assertThat(session.hasGpuOptions()).isFalse();
        assertThat(session.getIntraOpParallelismThreads()).isEqualTo(2);
        assertThat(session.getInterOpParallelismThreads()).isEqualTo(1);
    }

    @Test
    void showsASessionOneGpuThatItSharesWithOthers() {
        ConfigProto session = new ExecutionSettings(2, 1).on(new Device(3)).configuration();

        assertThat(session.getDeviceCountMap()).isEmpty();
        assertThat(session.getGpuOptions().getVisibleDeviceList()).isEqualTo("3");
        assertThat(session.getGpuOptions().getAllowGrowth()).isTrue();
    }

    @Test
    void isListedByTensorFlowIfItIsThere() {
        TensorFlow.start();

        assertThat(SessionDevices.types(ExecutionSettings.standard().configuration())).containsOnly("CPU");
        assertThatCode(() -> ExecutionSettings.standard().requireDevice()).doesNotThrowAnyException();
    }

    /** The highest number: no machine that tests run on has so many, nor do the processor's natives find any. */
    @Test
    void endsInOneErrorThatSaysWhatToDoIfItIsNot() {
        ExecutionSettings settings = ExecutionSettings.standard().on(new Device(255));

        assertThatIllegalArgumentException().isThrownBy(settings::requireDevice)
                .withMessageStartingWith("device: 'gpu:255' is not there (TensorFlow finds: ")
                .withMessageContaining("profile gpu (mvn -Dgpu");
        assertThatIllegalArgumentException().isThrownBy(() -> ModelProgram.load(new byte[0], settings))
                .withMessageStartingWith("device: 'gpu:255'");
    }
}
