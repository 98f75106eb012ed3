package io.sparring.cli;

import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A place where the newest model always is: a symbolic link to one of the folders beside it, in {@code <link>.versions}. A
 * new link is renamed over the old one, so who opens it sees one model or the other, whole, and never none. The two versions
 * before the newest stay for those who are still reading them.
 */
final class ModelLink {

    private static final int OLDER_KEPT = 2;

    private final Path link;
    private final Path versions;

    /** What writes a new version. */
    @FunctionalInterface
    interface Version {

        /** Writes the version into a folder that is not there yet, whole or not at all. */
        void write(Path folder) throws IOException;
    }

    /** @throws IllegalArgumentException if there is something else at the place */
    ModelLink(Path place) {
        link = place.toAbsolutePath().normalize();
        versions = link.resolveSibling(link.getFileName() + ".versions");
        boolean ours = Files.isSymbolicLink(link) && isOurs();
        Setting.require(ours || !Files.exists(link, LinkOption.NOFOLLOW_LINKS), "--out", place,
                "with --follow, a name that is free or a link that an earlier --follow has made");
    }

    private boolean isOurs() {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link)).normalize().startsWith(versions);
        } catch (IOException e) {
            return false;
        }
    }

    /** What is there now, or nothing. */
    Optional<ModelDescription> current() throws IOException {
        return ModelDescription.read(link);
    }

    /** Makes the link point to the version of this name, which is written if it is not there. */
    void place(String name, Version version) throws IOException {
        Files.createDirectories(versions);
        Path folder = versions.resolve(name);
        if (!Files.exists(folder)) {
            version.write(folder);
        }
        Path next = link.resolveSibling("." + link.getFileName() + "-" + UUID.randomUUID());
        try {
            Files.createSymbolicLink(next, link.getParent().relativize(folder));
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("cannot replace " + link, e);
        } finally {
            Files.deleteIfExists(next);
        }
        removeOlder(folder);
    }

    private void removeOlder(Path newest) throws IOException {
        List<Path> older;
        try (Stream<Path> folders = Files.list(versions)) {
            older = new ArrayList<>(folders.filter(folder -> !folder.equals(newest)).toList());
        }
        older.sort(Comparator.comparing(ModelLink::written).reversed());
        for (Path folder : older.stream().skip(OLDER_KEPT).toList()) {
            ModelFolder.delete(folder);
        }
    }

    private static FileTime written(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (NoSuchFileException e) {
            return FileTime.fromMillis(0);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + folder, e);
        }
    }
}
