package io.sparring.cli;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SplittableRandom;

/** The two ports of a local broker, kept in its folder so that clients find it again after a restart. */
record LocalPorts(int broker, int controller) {

    static final String HOST = "127.0.0.1";

    private static final String FILE = "ports.properties";

    /**
     * Ports from here up to below 30000 lie under the range from which systems take the ports of outgoing connections.
     * Within that range a client that keeps connecting to a broker that is down can meet itself and take its port.
     */
    private static final int LOWEST = 20_000;

    private static final int COUNT = 10_000;

    /** The ports to use in a folder: the given one, or for 0 the one used last, or a free one. They are kept. */
    static LocalPorts in(Path folder, int port) throws IOException {
        Properties kept = read(folder.resolve(FILE));
        int broker = port != 0 ? port : number(kept, "broker", 0);
        int controller = number(kept, "controller", broker);
        LocalPorts ports = new LocalPorts(broker != 0 ? broker : free(controller),
                controller != broker ? controller : free(broker));
        ports.write(folder.resolve(FILE));
        return ports;
    }

    String bootstrapServers() {
        return HOST + ":" + broker;
    }

    /** Throws an error that says what to do if something else listens on one of the ports. */
    void requireFree() throws BindException {
        for (int port : new int[] {broker, controller}) {
            if (!isFree(port)) {
                throw new BindException("port " + port + " on " + HOST + " is taken: stop what listens there ("
                        + "another broker?), or choose another port with --port");
            }
        }
    }

    private static int free(int except) {
        return new SplittableRandom().ints(LOWEST, LOWEST + COUNT)
                .limit(COUNT)
                .filter(port -> port != except && isFree(port))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free port on " + HOST));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(HOST))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int number(Properties kept, String key, int otherwise) {
        return Integer.parseInt(kept.getProperty(key, Integer.toString(otherwise)));
    }

    private static Properties read(Path file) throws IOException {
        Properties kept = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                kept.load(reader);
            }
        }
        return kept;
    }

    private void write(Path file) throws IOException {
        Properties kept = new Properties();
        kept.setProperty("broker", Integer.toString(broker));
        kept.setProperty("controller", Integer.toString(controller));
        try (Writer writer = Files.newBufferedWriter(file)) {
            kept.store(writer, null);
        }
    }
}
