package io.sparring.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a {@link ChildProcess} runs: a main class on this JVM's own Java and class path.
 *
 * @param name what errors call the child
 * @param environment what is added to this process' environment
 * @param log the file to which the child's output is appended
 */
public record ChildCommand(String name, String mainClass, List<String> arguments, List<String> jvmOptions,
        Map<String, String> environment, Path log) {

    /** A JVM leaves a signal ignored that it found ignored. Standard input then says when to end: {@link ParentProcess}. */
    private static final String SHIELDED = "trap '' INT HUP; exec \"$@\"";

    /** What DJL and TensorFlow read from the environment: no usage statistics, and warnings only. */
    private static final Map<String, String> ENVIRONMENT = Map.of("OPT_OUT_TRACKING", "true", "TF_CPP_MIN_LOG_LEVEL", "2",
            "TF_ENABLE_ONEDNN_OPTS", System.getenv().getOrDefault("TF_ENABLE_ONEDNN_OPTS", "1"));

    public ChildCommand {
        arguments = List.copyOf(arguments);
        jvmOptions = List.copyOf(jvmOptions);
        environment = Map.copyOf(environment);
    }

    /** A command of Sparring's own command line, such as {@code broker --port 9092}. */
    public static ChildCommand sparring(String name, Path log, String... arguments) {
        return new ChildCommand(name, Sparring.class.getName(), List.of(arguments), List.of(), ENVIRONMENT, log);
    }

    public ChildCommand withMainClass(Class<?> other) {
        return new ChildCommand(name, other.getName(), arguments, jvmOptions, environment, log);
    }

    public ChildCommand withJvmOptions(String... options) {
        List<String> all = new ArrayList<>(jvmOptions);
        all.addAll(List.of(options));
        return new ChildCommand(name, mainClass, arguments, all, environment, log);
    }

    public ChildCommand withEnvironment(String key, String value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(key, value);
        return new ChildCommand(name, mainClass, arguments, jvmOptions, all, log);
    }

    ProcessBuilder processBuilder() {
        List<String> words = new ArrayList<>(List.of("sh", "-c", SHIELDED, "sh"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvmOptions);
        words.add("-D" + ParentProcess.PROPERTY + "=" + ProcessHandle.current().pid());
        words.add(mainClass);
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        // not an argument: a class path of hundreds of files would drown the rest of the command in ps
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return builder;
    }
}
