package io.sparring.learning;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/**
 * A folder of TensorBoard's event files: one curve for each tag. What is in it already is not written again, so a writer that
 * begins anew may be shown everything from the start. Used by one thread.
 */
public final class EventFolder implements AutoCloseable {

    private static final String PREFIX = "events.out.tfevents.";
    /** What TensorBoard takes for an event file of the form that it knows. */
    private static final String VERSION = "brain.Event:2";

    private final Path folder;
    private final Clock clock;
    private final Map<String, BitSet> written = new HashMap<>();
    private OutputStream file;

    private EventFolder(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /**
     * A point of a curve.
     *
     * @param tag name of the curve; what is before its first slash groups curves
     * @param step from 0
     */
    public record Point(String tag, long step, float value, Instant at) {
    }

    /** The folder, made if it is not there, with what others have written before. */
    public static EventFolder open(Path folder, Clock clock) throws IOException {
        Files.createDirectories(folder);
        EventFolder events = new EventFolder(folder, clock);
        read(folder).forEach(point -> events.isNew(point.tag(), point.step()));
        return events;
    }

    /** All points in the folder, file by file; of a file whose end is damaged, those before. */
    public static List<Point> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith(PREFIX)).sorted().toList();
        }
        List<Point> points = new ArrayList<>();
        for (Path each : files) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(each))) {
                for (Optional<byte[]> record = TensorFlowRecords.read(in); record.isPresent(); record = TensorFlowRecords.read(in)) {
                    Event event = Event.parseFrom(record.get());
                    for (Summary.Value value : event.getSummary().getValueList()) {
                        points.add(new Point(value.getTag(), event.getStep(), value.getSimpleValue(),
                                Instant.ofEpochMilli(Math.round(1000 * event.getWallTime()))));
                    }
                }
            } catch (EOFException e) {
                // its writer was killed within a record, which is written again
                continue;
            }
        }
        return points;
    }

    /** Adds a point, unless the curve has one at that step. */
    public void add(Point point) throws IOException {
        if (!isNew(point.tag(), point.step())) {
            return;
        }
        if (file == null) {
            Instant now = clock.instant();
            // the names sort by time; no two writers have the same
            file = Files.newOutputStream(folder.resolve(String.format("%s%010d.%09d.%d.sparring", PREFIX, now.getEpochSecond(),
                    now.getNano(), ProcessHandle.current().pid())), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            write(Event.newBuilder().setFileVersion(VERSION), now);
        }
        write(Event.newBuilder().setStep(point.step()).setSummary(Summary.newBuilder().addValue(
                Summary.Value.newBuilder().setTag(point.tag()).setSimpleValue(point.value()))), point.at());
    }

    private void write(Event.Builder event, Instant at) throws IOException {
        TensorFlowRecords.write(file, event.setWallTime(at.toEpochMilli() / 1000.0).build().toByteArray());
    }

    private boolean isNew(String tag, long step) {
        BitSet steps = written.computeIfAbsent(tag, any -> new BitSet());
        if (step < 0 || step >= Integer.MAX_VALUE || steps.get((int) step)) {
            return false;
        }
        steps.set((int) step);
        return true;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
