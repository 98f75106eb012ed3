package io.sparring.cli;

import io.sparring.learning.EventFolder;
import io.sparring.learning.EventFolder.Point;
import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes a run's curves, each incarnation into a folder of its own. Used by one thread. */
final class TensorBoardCurves implements AutoCloseable {

    private static final String IDENTITY = "sparring-run-id";

    private final Path folder;
    private final String run;
    private final String identity;
    private final Clock clock;
    private final RunCurves curves;
    private final Map<Integer, EventFolder> incarnations = new TreeMap<>();

    /** @param identity what tells the run from an earlier one of its name */
    TensorBoardCurves(Path folder, String run, String identity, Clock clock) {
        this.folder = folder;
        this.run = run;
        this.identity = identity;
        this.clock = clock;
        this.curves = new RunCurves(run);
    }

    void add(ConsumerRecord<byte[], byte[]> record) throws IOException {
        for (RunCurves.Point point : RunCurves.points(curves.read(record))) {
            events(point.incarnation()).add(new Point(point.tag(), point.step(), point.value(), point.at()));
        }
    }

    private EventFolder events(int incarnation) throws IOException {
        EventFolder events = incarnations.get(incarnation);
        if (events == null) {
            Path own = folder.resolve(run + "-" + incarnation);
            requireOwn(own);
            events = EventFolder.open(own, clock);
            incarnations.put(incarnation, events);
        }
        return events;
    }

    /** One curve of two runs would look like one run's. */
    private void requireOwn(Path own) throws IOException {
        Path file = own.resolve(IDENTITY);
        if (!Files.exists(file)) {
            Files.createDirectories(own);
            Files.writeString(file, identity);
        }
        Setting.require(Files.readString(file).equals(identity), "--out", own,
                "a folder without the curves of an earlier run " + run + ": remove it, or name another");
    }

    @Override
    public void close() throws IOException {
        for (EventFolder events : incarnations.values()) {
            events.close();
        }
    }
}
