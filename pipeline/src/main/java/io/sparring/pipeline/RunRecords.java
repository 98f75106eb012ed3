package io.sparring.pipeline;

import io.sparring.schemas.ChunkAssembler;
import io.sparring.schemas.ProgramChunk;
import io.sparring.schemas.PublishedRun;
import io.sparring.schemas.Received;
import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunControl;
import io.sparring.schemas.RunRecord;
import io.sparring.schemas.RunState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the records of the topic {@code runs}, shown in order, say together. Used by one thread. */
final class RunRecords {

    private final Map<Integer, PublishedRun> versions = new TreeMap<>();
    private final Map<String, Map<Integer, ProgramChunk>> programs = new TreeMap<>();
    private RunState state = RunState.RUNNING;
    private Rollback rollback;

    void add(ConsumerRecord<String, Received<RunRecord>> record) {
        Object content = record.value() == null || !record.value().isReadable() ? null : record.value().value().getContent();
        if (content instanceof PublishedRun published) {
            versions.put(published.getVersion(), published);
        } else if (content instanceof ProgramChunk chunk) {
            programs.computeIfAbsent(chunk.getSha256(), sha256 -> new TreeMap<>()).put(chunk.getChunk(), chunk);
        } else if (content instanceof RunControl control) {
            state = control.getState();
        } else if (content instanceof Rollback request) {
            rollback = request;
        }
    }

    /** The run and its program, once both are whole. */
    Optional<PublishedProgram> published() {
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        // all versions have the program of the first
        String sha256 = versions.values().iterator().next().getProgramSha256();
        return join(programs.getOrDefault(sha256, Map.of())).map(program -> new PublishedProgram(versions(), sha256, program));
    }

    RunRequests requests() {
        return new RunRequests(state, Optional.ofNullable(rollback), versions());
    }

    private SpecificationVersions versions() {
        List<SpecificationVersion> all = versions.values().stream().map(published -> new SpecificationVersion(
                published.getVersion(), published.getFromBatch(), RunFile.fromJson(published.getSpecification()))).toList();
        return new SpecificationVersions(all);
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
