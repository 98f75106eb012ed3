package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/live-data.md says to those who write without our code. */
class LiveDataGuideTest {

    private final String guide = read();

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "live-data.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theContractHasEveryField() {
        for (Schema.Field field : IncomingImage.getClassSchema().getFields()) {
            assertThat(guide).contains("`" + field.name() + "`");
        }
    }

    /** As the guide says it, byte by byte. */
    @Test
    void aValueWrittenByHandIsRead() throws IOException {
        Matcher prefix = Pattern.compile("`c3 01((?: [0-9a-f]{2}){8})`").matcher(guide);
        assertThat(prefix.find()).isTrue();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(HexFormat.of().parseHex("c301" + prefix.group(1).replace(" ", "")));
        value.write(new byte[] {2 * 7, 2 * 2, 2 * 3, 2 * 1, 2 * 6});
        value.write(new byte[] {0, 1, 2, 3, 4, (byte) 255});
        value.write(new byte[] {2, 2 * 5});
        value.write("a.png".getBytes(StandardCharsets.UTF_8));

        IncomingImage image = WireFormat.of(IncomingImage.class).decode(ByteBuffer.wrap(value.toByteArray()));

        assertThat(image).isEqualTo(new IncomingImage(7, 2, 3, 1, ByteBuffer.wrap(new byte[] {0, 1, 2, 3, 4, (byte) 255}),
                "a.png"));
        byte[] without = Arrays.copyOf(Arrays.copyOf(value.toByteArray(), 21), 22);
        assertThat(WireFormat.of(IncomingImage.class).decode(ByteBuffer.wrap(without)).getSource()).isNull();
    }

    @Test
    void theRunFileIsOne(@TempDir Path folder) throws IOException {
        Matcher file = Pattern.compile("(?s)    (run: fashion-live\n.*?)\n\n").matcher(guide);
        assertThat(file.find()).isTrue();
        Path written = Files.writeString(folder.resolve("run.yaml"), file.group(1).replace("\n    ", "\n"));
        assertThat(RunFile.read(written, Map.of(), Map.of()).data().incoming()).isTrue();
    }
}
