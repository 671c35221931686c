package io.skep.launcher.doctor;

import io.skep.launcher.instance.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the container engine is there that an instance is told to use, where the choice is not left to it. */
public final class EngineCheck {

    private static final String SETTING = "io.skep.runtime.cri:socket";

    private EngineCheck() {}

    public static List<Finding> of(Home home) {
        return home.all().stream()
                .flatMap(instance -> instance
                        .setting("io.skep.runtime.cri", "socket")
                        .flatMap(socket -> finding(instance.name(), socket.strip()))
                        .stream())
                .toList();
    }

    /** Empty when the instance looks for an engine by itself. */
    private static Optional<Finding> finding(String instance, String socket) {
        String what = "engine of " + instance;
        return switch (socket) {
            case "", "auto" -> Optional.empty();
            case "off" -> Optional.of(Finding.ok(what, "none wanted; pods run as processes"));
            default ->
                Optional.of(
                        Files.exists(Path.of(socket))
                                ? Finding.ok(what, socket)
                                : Finding.error(
                                        what,
                                        "nothing listens on " + socket,
                                        "start the engine, or skep up " + instance + " --set " + SETTING + "=auto"));
        };
    }
}
