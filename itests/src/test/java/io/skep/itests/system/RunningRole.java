package io.skep.itests.system;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.itests.system.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One instance of a {@link TestSystem}: a JVM that can be stopped, killed, started and asked. */
public final class RunningRole {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    private final TestSystem system;
    private final String name;
    private final int monitorPort = TestSystem.freePort();
    private final int shellPort = TestSystem.freePort();
    private final int hubPort = TestSystem.freePort();
    private final int enrolmentPort = TestSystem.freePort();
    private final int tunnelPort = TestSystem.freePort();
    private final int apiPort = TestSystem.freePort();

    public RunningRole(TestSystem system, String name) {
        this.system = system;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Where nodes connect. */
    public int hubPort() {
        return hubPort;
    }

    /** Where nodes enrol. */
    public int enrolmentPort() {
        return enrolmentPort;
    }

    /** Where nodes open tunnels for logs and commands. */
    public int tunnelPort() {
        return tunnelPort;
    }

    /** Its folder, with {@code etc} and {@code data}. */
    public Path folder() {
        return system.folder().resolve(name);
    }

    /** The cloud's kubeconfig. */
    public Path kubeconfig() {
        return folder().resolve("data/kube/admin.kubeconfig");
    }

    /** The cloud's Kubernetes API. */
    public KubeClient api() {
        return KubeClient.of(kubeconfig());
    }

    List<String> freshPorts() {
        List<String> options = new ArrayList<>();
        for (String setting : List.of(
                "org.apache.felix.http:org.osgi.service.http.port=" + monitorPort,
                "org.apache.karaf.shell:sshPort=" + shellPort,
                "io.skep.cloudhub:websocket.port=" + hubPort,
                "io.skep.cloudhub:https.port=" + enrolmentPort,
                "io.skep.cloudstream:tunnel.port=" + tunnelPort,
                "io.skep.kube.rest:port=" + apiPort,
                // An engine of this machine, or its network, is no part of these tests.
                "io.skep.edged:runtime.default=process")) {
            options.add("--set");
            options.add(setting);
        }
        return options;
    }

    /** The JVM as the launcher noted it, if it lives. */
    public Optional<ProcessHandle> process() {
        Path file = folder().resolve("skep.pid");
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] parts = Files.readString(file).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(p -> commandLine(p).contains(folder().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A pid the system has given to somebody else since is not ours to kill. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void kill() {
        process().ifPresent(p -> {
            p.destroyForcibly();
            Eventually.within(END_LIMIT, () -> !p.isAlive());
        });
    }

    /** Stops it in good order. */
    public void stop() {
        system.expectSuccess(List.of("down", name));
    }

    /** Starts it again and waits until it is ready. */
    public void start(String role) {
        system.expectSuccess(List.of("up", role, "--name", name, "--timeout", "120"));
    }

    /** Starts it again and waits for nothing. */
    public void launch(String role) {
        system.skep(List.of("up", role, "--name", name, "--timeout", "0"));
    }

    /** What {@code /readyz?verbose} says; empty when nobody answers. */
    public String readiness() {
        return monitor("/readyz?verbose").map(HttpResponse::body).orElse("");
    }

    /** Whether {@code /readyz} says yes. */
    public boolean ready() {
        return monitor("/readyz").filter(r -> r.statusCode() == 200).isPresent();
    }

    /** The sum of a metric's samples; -1 when there is none, or nobody answers. */
    public double metric(String metric) {
        List<Double> values = monitor("/metrics").map(HttpResponse::body).stream()
                .flatMap(String::lines)
                .filter(l -> l.startsWith(metric + " ") || l.startsWith(metric + "{"))
                .map(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .toList();
        return values.isEmpty() ? -1 : values.stream().mapToDouble(d -> d).sum();
    }

    /** Whether the node says that it is linked to its cloud. */
    public boolean linked() {
        return metric("skep_link_connected") == 1;
    }

    private Optional<HttpResponse<String>> monitor(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + monitorPort + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return Optional.of(HTTP.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Runs commands in its Karaf shell, as {@code skep shell} does. */
    public String shell(String... commands) {
        Outcome outcome = system.skep(List.of("shell", "--name", name, String.join("; ", commands)));
        if (outcome.code() != 0) {
            throw new AssertionError("shell: " + String.join("; ", commands) + ": " + outcome.all());
        }
        return outcome.out();
    }

    /** Whether a command is there now and ends well. */
    public boolean takes(String command) {
        return system.skep(List.of("shell", "--name", name, command)).code() == 0;
    }

    /** What commands given {@code --json} print, one document each. */
    public List<JsonNode> shellJson(String... commands) {
        // What a failing command says stands on the same stream, after the documents before it.
        String out = shell(commands).replaceAll("(?s)(\u001b\\[[0-9;]*m)?Error executing command.*", "");
        try (JsonParser parser = JSON.createParser(out)) {
            List<JsonNode> documents = new ArrayList<>();
            for (JsonNode next = JSON.readTree(parser); next != null; next = JSON.readTree(parser)) {
                documents.add(next);
            }
            return documents;
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + out, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its log. */
    public String log() {
        return text(folder().resolve("data/log/skep.log"));
    }

    /** What it wrote to its terminal. */
    public String console() {
        return text(folder().resolve("data/log/console.log"));
    }

    /** The end of its log, for a failure's text. */
    public String lastLines() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
