package io.sparring.cli;

import java.io.IOException;
import java.util.Optional;

/** Trains and evaluates cells of studies. */
interface CellProgram {

    /** Begins a cell, or goes on with it; nothing if it was stopped before its end. */
    Optional<CellResult> run(StudyTask task) throws IOException, InterruptedException;

    /** Removes what only an unfinished cell needs; its result is on disk. */
    void finish(StudyTask task) throws IOException;
}
