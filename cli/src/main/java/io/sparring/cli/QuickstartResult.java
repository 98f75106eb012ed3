package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a quickstart ends with.
 *
 * @param seconds from its start to its end
 * @param versions accuracy by update, oldest first; the last one measured on the exported model if there is one
 * @param export the exported model's folder, null if the run was ended before
 */
record QuickstartResult(String run, String dataset, double seconds, int heldOutImages, List<MeasuredVersion> versions,
        String export) {

    /** Writes it as JSON. */
    void write(Path file) throws IOException {
        ResultFile.write(file, this);
    }

    /** It as a table, one line an update. */
    String table() {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%8s  %8s  %8s%n", "step", "clean", "PGD-20"));
        for (int i = 0; i < versions.size(); i++) {
            MeasuredVersion version = versions.get(i);
            boolean exported = export != null && i == versions.size() - 1;
            table.append(String.format(Locale.ROOT, "%8d  %6.1f %%  %6.1f %%%s%n", version.step(), 100 * version.clean(),
                    100 * version.pgd20(), exported ? "  exported model" : ""));
        }
        return table + (export == null ? "ended before its last batch; the same command goes on from here"
                : "exported to " + export);
    }
}
