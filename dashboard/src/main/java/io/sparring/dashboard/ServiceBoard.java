package io.sparring.dashboard;

import io.sparring.schemas.ServiceState;
import io.sparring.schemas.ServiceStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The newest heartbeat of each process; of those that have ended or are silent the {@link #MOST_GONE} last ones. */
final class ServiceBoard {

    /** A process whose heartbeat, every two seconds, has been missing for so long is not alive. */
    static final long SILENCE_MILLIS = 5_000;
    static final int MOST_GONE = 40;
    static final int MOST = 1_000;

    private final Map<String, Heard> heard = new HashMap<>();

    private record Heard(ServiceStatus status, long at) {
    }

    /**
     * A process.
     *
     * @param alive whether it has been heard of lately and has not said that it ends
     * @param lag null where it has none
     * @param update {@code incarnation/step}, null where it has none
     * @param heardAt when it was heard of, milliseconds since 1970
     */
    record Process(String service, String instance, String state, boolean alive, String address, long batches,
            Double imagesPerSecond, Long lag, String update, long heardAt) {
    }

    /** @param at when that was, milliseconds since 1970: by this machine's clock for what has just arrived */
    void add(ServiceStatus status, long at) {
        heard.put(status.getService() + "/" + status.getInstance(), new Heard(status, at));
        if (heard.size() > MOST) {
            heard.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue().at()))
                    .ifPresent(oldest -> heard.remove(oldest.getKey()));
        }
    }

    /** By service and instance, those that are alive first. */
    List<Process> processes(long now) {
        List<Process> processes = new ArrayList<>(heard.values().stream().map(each -> process(each, now)).toList());
        Comparator<Process> newest = Comparator.comparingLong(Process::heardAt).reversed();
        List<Process> gone = processes.stream().filter(process -> !process.alive()).sorted(newest).toList();
        processes.removeAll(gone.subList(Math.min(MOST_GONE, gone.size()), gone.size()));
        processes.sort(Comparator.comparing(Process::alive).reversed().thenComparing(Process::service)
                .thenComparing(Process::instance));
        return processes;
    }

    /** The sum over each service's processes that were alive at that moment; null lag where none has one. */
    Map<String, Stage> stages(long now) {
        Map<String, Stage> stages = new TreeMap<>();
        heard.values().stream().filter(each -> alive(each, now)).map(Heard::status).forEach(status ->
                stages.merge(Shown.text(status.getService()), Stage.of(status), Stage::with));
        return stages;
    }

    /**
     * That of one service, nothing where none of its processes was alive. It is asked at each heartbeat of what may be a thousand
     * processes, so it makes no more of each than it needs.
     */
    Optional<Stage> stage(String service, long now) {
        return heard.values().stream().filter(each -> each.status().getService().equals(service) && alive(each, now))
                .map(each -> Stage.of(each.status())).reduce(Stage::with);
    }

    /** What all processes of a service do together. */
    record Stage(double imagesPerSecond, Long lag) {

        static Stage of(ServiceStatus status) {
            return new Stage(status.getImagesPerSecond(), status.getLag());
        }

        Stage with(Stage other) {
            return new Stage(imagesPerSecond + other.imagesPerSecond,
                    lag == null ? other.lag : other.lag == null ? lag : (Long) (lag + other.lag));
        }
    }

    private static boolean alive(Heard each, long now) {
        return now - each.at() <= SILENCE_MILLIS && each.status().getState() != ServiceState.STOPPED;
    }

    private static Process process(Heard each, long now) {
        ServiceStatus status = each.status();
        return new Process(Shown.text(status.getService()), Shown.text(status.getInstance()), status.getState().name(),
                alive(each, now), Shown.text(status.getAddress()), status.getBatches(),
                Shown.rounded(status.getImagesPerSecond()), status.getLag(),
                status.getIncarnation() == null || status.getStep() == null ? null
                        : status.getIncarnation() + "/" + status.getStep(), each.at());
    }
}
