package io.sparring.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Puts a shell script in the place of a program that would go to the network. */
final class FakeProgram {

    private FakeProgram() {}

    static String write(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\nset -e\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file.toString();
    }
}
