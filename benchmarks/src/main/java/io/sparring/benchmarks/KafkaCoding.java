package io.sparring.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** What a Kafka producer makes of a batch of records, and a consumer of that: {@code compression.type}. */
record KafkaCoding(String name, Compression compression) implements ByteCoding {

    @Override
    public byte[] encode(byte[] bytes) {
        ByteBufferOutputStream buffer = new ByteBufferOutputStream(bytes.length + 1024);
        try (OutputStream out = compression.wrapForOutput(buffer, RecordBatch.CURRENT_MAGIC_VALUE)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer coded = buffer.buffer().flip();
        return Arrays.copyOfRange(coded.array(), coded.arrayOffset(), coded.arrayOffset() + coded.limit());
    }

    @Override
    public byte[] decode(byte[] coded, int length) {
        try (InputStream in = compression.wrapForInput(
                ByteBuffer.wrap(coded), RecordBatch.CURRENT_MAGIC_VALUE, BufferSupplier.NO_CACHING)) {
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
