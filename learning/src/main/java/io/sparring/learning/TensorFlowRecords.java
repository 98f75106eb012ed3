package io.sparring.learning;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * TensorFlow's framing of records in a file (TFRecord): the length in eight bytes, its checksum in four, the bytes, and their
 * checksum, all little-endian. A checksum is CRC-32C, turned and added to, so that one of data that holds checksums is not weak.
 */
final class TensorFlowRecords {

    private static final int MASK = 0xa282ead8;
    /** No event is as long; a length beyond it is damage. */
    private static final long LONGEST = 1 << 24;

    private TensorFlowRecords() {
    }

    static void write(OutputStream out, byte[] record) throws IOException {
        byte[] length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
        ByteBuffer framed = ByteBuffer.allocate(length.length + record.length + 2 * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        framed.put(length).putInt(checksum(length)).put(record).putInt(checksum(record));
        // in one piece, so that whoever reads meanwhile hardly ever sees half of one
        out.write(framed.array());
    }

    /**
     * The next record, or nothing at the end.
     *
     * @throws EOFException if it has only begun, as where its writer was killed
     * @throws IOException if a checksum is not right
     */
    static Optional<byte[]> read(InputStream in) throws IOException {
        byte[] length = in.readNBytes(Long.BYTES);
        if (length.length == 0) {
            return Optional.empty();
        }
        byte[] lengthChecksum = in.readNBytes(Integer.BYTES);
        if (lengthChecksum.length < Integer.BYTES) {
            throw new EOFException("a record has only begun");
        }
        long bytes = little(length).getLong();
        if (little(lengthChecksum).getInt() != checksum(length) || bytes < 0 || bytes > LONGEST) {
            throw new IOException("a record's length is damaged");
        }
        byte[] record = in.readNBytes((int) bytes);
        byte[] checksum = in.readNBytes(Integer.BYTES);
        if (checksum.length < Integer.BYTES) {
            throw new EOFException("a record has only begun");
        }
        if (little(checksum).getInt() != checksum(record)) {
            throw new IOException("a record is damaged");
        }
        return Optional.of(record);
    }

    static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
