package io.sparring.cli;

import io.sparring.learning.EventFolder;
import io.sparring.learning.EventFolder.Point;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes a run's curves, each incarnation into a folder of its own. Used by one thread. */
final class TensorBoardCurves implements AutoCloseable {

    private final Path folder;
    private final String run;
    private final Clock clock;
    private final RunCurves curves;
    private final Map<Integer, EventFolder> incarnations = new TreeMap<>();

    TensorBoardCurves(Path folder, String run, Clock clock) {
        this.folder = folder;
        this.run = run;
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
            events = EventFolder.open(folder.resolve(run + "-" + incarnation), clock);
            incarnations.put(incarnation, events);
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        for (EventFolder events : incarnations.values()) {
            events.close();
        }
    }
}
