package io.sparring.pipeline;

import io.sparring.schemas.Champion;
import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ProgramChunk;
import io.sparring.schemas.PublishedRun;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunControl;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunState;
import io.sparring.schemas.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What the records of the topic {@code runs}, shown in order, say together. What a run is never changes: of a version and of a
 * chunk of the program the first good record counts, and a different one under its key is set aside. Used by one thread.
 */
final class RunRecords {

    private static final WireFormat<RunRecord> FORMAT = WireFormat.of(RunRecord.class);

    private final String run;
    private final SetAside aside;
    private final Map<Integer, SpecificationVersion> versions = new TreeMap<>();
    private final Map<Integer, PublishedRun> published = new TreeMap<>();
    private final Map<String, Map<Integer, ProgramChunk>> programs = new TreeMap<>();
    private RunState state = RunState.RUNNING;
    private Rollback rollback;

    /** @param aside where records go that say nothing of the run */
    RunRecords(String run, SetAside aside) {
        this.run = run;
        this.aside = aside;
    }

    void add(ConsumerRecord<String, Received<RunRecord>> record) {
        Received<RunRecord> received = record.value();
        Optional<String> problem;
        try {
            problem = received == null ? Optional.of("the record is empty; allowed: a RunRecord")
                    : received.isReadable() ? take(record.key(), received.value().getContent()) : Optional.of(received.failure());
        } catch (RuntimeException e) {
            // a specification can be wrong in as many ways as there are keys
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        problem.ifPresent(reason -> aside.add(record, FORMAT.bytes(received), reason));
    }

    /** Why the content is nothing that the run's key may hold, or nothing. */
    private Optional<String> take(String key, Object content) {
        if (content instanceof PublishedRun version) {
            return key(key, version.getVersion() == 1 ? "spec" : "spec/" + version.getVersion()).or(() -> take(version));
        }
        if (content instanceof ProgramChunk chunk) {
            return key(key, "program/" + chunk.getSha256() + "/" + chunk.getChunk()).or(() -> take(chunk));
        }
        if (content instanceof RunControl control) {
            Optional<String> problem = key(key, "control");
            state = problem.isPresent() ? state : control.getState();
            return problem;
        }
        if (content instanceof Rollback request) {
            Optional<String> problem = key(key, "rollback").or(() ->
                    request.getIncarnation() > 0 && request.getCheckpointIncarnation() >= 0 && request.getCheckpointStep() >= 0
                            ? Optional.empty() : Optional.of("rollback: " + request + "; allowed: no negative number"));
            rollback = problem.isPresent() ? rollback : request;
            return problem;
        }
        return content instanceof Champion champion ? Champions.problem(run, key, champion) : Optional.empty();
    }

    private Optional<String> key(String key, String name) {
        return (run + "/" + name).equals(key) ? Optional.empty()
                : Optional.of("key: " + key + "; allowed for what the record holds: " + run + "/" + name);
    }

    private Optional<String> take(PublishedRun version) {
        PublishedRun before = published.get(version.getVersion());
        if (before != null) {
            return before.equals(version) ? Optional.empty()
                    : Optional.of("version: " + version.getVersion() + " is published already with other content, and never "
                            + "changes");
        }
        SpecificationVersion read = new SpecificationVersion(version.getVersion(), version.getFromBatch(),
                RunFile.fromJson(version.getSpecification()));
        if (version.getVersion() < 1 || version.getFromBatch() < 0 || !read.specification().run().equals(run)) {
            return Optional.of("version " + version.getVersion() + " of run " + read.specification().run() + " from batch "
                    + version.getFromBatch() + "; allowed: versions of run " + run + " from 1, from batch 0 or later");
        }
        Optional<String> fixed = versions.containsKey(1) ? changed(versions.get(1), read) : Optional.empty();
        if (fixed.isEmpty()) {
            published.put(version.getVersion(), version);
            versions.put(version.getVersion(), read);
        }
        return fixed;
    }

    private static Optional<String> changed(SpecificationVersion first, SpecificationVersion later) {
        List<String> fixed = new ArrayList<>(RunFile.differences(first.specification(), later.specification()));
        fixed.removeAll(SpecificationVersions.CHANGEABLE);
        return fixed.isEmpty() ? Optional.empty()
                : Optional.of("version " + later.version() + " changes " + String.join(", ", fixed) + ", which no version may");
    }

    private Optional<String> take(ProgramChunk chunk) {
        Optional<String> problem = ChunkAssembler.problem(chunk.getChunk(), chunk.getChunks(), chunk.getBytes());
        if (problem.isEmpty() && published.containsKey(1) && !published.get(1).getProgramSha256().equals(chunk.getSha256())) {
            // memory is for the one program that the run has
            return Optional.of("program " + chunk.getSha256() + "; allowed: the run's, " + published.get(1).getProgramSha256());
        }
        if (problem.isEmpty()) {
            ProgramChunk before = programs.computeIfAbsent(chunk.getSha256(), sha256 -> new TreeMap<>())
                    .putIfAbsent(chunk.getChunk(), chunk);
            return before == null || before.equals(chunk) ? Optional.empty()
                    : Optional.of("chunk " + chunk.getChunk() + " is published already with other bytes, and never changes");
        }
        return problem;
    }

    /** The run and its program, once both are whole. */
    Optional<PublishedProgram> published() {
        PublishedRun first = published.get(1);
        return first == null ? Optional.empty()
                // all versions have the program of the first
                : join(programs.getOrDefault(first.getProgramSha256(), Map.of()))
                        .map(program -> new PublishedProgram(versions(), first.getProgramSha256(), program));
    }

    RunRequests requests() {
        return new RunRequests(state, Optional.ofNullable(rollback), versions());
    }

    private SpecificationVersions versions() {
        return new SpecificationVersions(List.copyOf(versions.values()));
    }

    private static Optional<byte[]> join(Map<Integer, ProgramChunk> chunks) {
        ChunkAssembler assembler = new ChunkAssembler();
        Optional<byte[]> program = Optional.empty();
        for (ProgramChunk chunk : chunks.values()) {
            program = assembler.add(chunk.getSha256(), chunk.getChunk(), chunk.getChunks(), chunk.getSha256(), chunk.getBytes());
        }
        return program;
    }
}
