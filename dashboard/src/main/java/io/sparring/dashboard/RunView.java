package io.sparring.dashboard;

import io.sparring.schemas.Alarm;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sample;
import io.sparring.schemas.ServiceStatus;
import io.sparring.schemas.TrainingStep;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** All that the page shows of a run, made of the records of its topics. Written by one thread, read by others. */
final class RunView {

    private final Progress progress = new Progress();
    private final TrainingSeries training = new TrainingSeries();
    private final Reports reports = new Reports();
    private final StreamSeries stream = new StreamSeries();
    private final ServiceBoard services = new ServiceBoard();
    private final RateSeries rates = new RateSeries();
    private final LetterBoard letters;
    private final AlarmBoard alarms = new AlarmBoard();
    private SampleCheck.View sample;

    RunView(String run) {
        letters = new LetterBoard(run);
    }

    synchronized void add(TrainingStep step) {
        if (step.getBatchNumber() < 0) {
            throw new IllegalArgumentException("batchNumber: " + step.getBatchNumber() + "; allowed: at least 0");
        }
        progress.add(step);
        training.add(step);
    }

    synchronized void add(Robustness report) {
        reports.add(report);
    }

    synchronized void add(PrequentialWindow window) {
        stream.add(window);
    }

    /** @param at when it was heard, milliseconds since 1970 */
    synchronized void add(ServiceStatus status, long at) {
        if (!Double.isFinite(status.getImagesPerSecond())) {
            throw new IllegalArgumentException("imagesPerSecond: " + status.getImagesPerSecond() + "; allowed: a finite number");
        }
        services.add(status, at);
        services.stage(status.getService(), at).ifPresent(stage -> rates.add(at, Shown.text(status.getService()), stage));
    }

    synchronized void add(Alarm alarm) {
        alarms.add(alarm);
    }

    synchronized void add(Sample newer) {
        SampleCheck.View view = SampleCheck.view(newer);
        if (sample == null || view.at() >= sample.at()) {
            sample = view;
        }
    }

    /** A dead letter, which may hold anything: only its headers are looked at. */
    synchronized void addLetter(ConsumerRecord<byte[], byte[]> letter) {
        letters.add(letter);
    }

    /**
     * The parts of the page by name, each whole and of a bounded size.
     *
     * @param now milliseconds since 1970
     */
    synchronized Map<String, Object> sections(long now) {
        Map<String, Object> sections = new LinkedHashMap<>();
        TrainingSeries.View steps = training.view();
        sections.put("progress", progress.view(now));
        sections.put("accuracy", reports.view(steps.incarnations()));
        sections.put("stream", stream.view(steps.incarnations()));
        sections.put("training", steps);
        sections.put("services", Map.of("processes", services.processes(now), "stages", services.stages(now)));
        sections.put("rates", rates.view());
        sections.put("letters", letters.view());
        sections.put("alarms", alarms.view());
        if (sample != null) {
            sections.put("sample", sample);
        }
        return sections;
    }
}
