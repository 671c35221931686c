package io.skep.runtime.cri.internal;

import io.skep.runtime.api.machine.MachineProgram;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Asks the machine's systemd over the bus, with the program that comes with it. Thread-safe: nothing is kept. */
final class Busctl implements Slices.Manager {

    private static final List<String> MANAGER = List.of(
            "--system",
            "call",
            "org.freedesktop.systemd1",
            "/org/freedesktop/systemd1",
            "org.freedesktop.systemd1.Manager");

    @Override
    public void call(String method, String signature, List<String> arguments) throws IOException {
        List<String> all = Stream.of(MANAGER, List.of(method, signature), arguments)
                .flatMap(List::stream)
                .toList();
        MachineProgram.of("busctl").run("systemd's " + method, all);
    }
}
