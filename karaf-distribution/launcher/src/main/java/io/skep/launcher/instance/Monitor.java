package io.skep.launcher.instance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Asks an instance's monitor port. */
public final class Monitor {

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port;

    public Monitor(Instance instance) {
        this.port = instance.monitorPort();
    }

    /** Whether the role is ready: every bundle active, every component satisfied, every check passed. */
    public boolean ready() {
        return get("/readyz").filter(r -> r.statusCode() == 200).isPresent();
    }

    /** What {@code /readyz} says, or empty when nobody answers. */
    public Optional<String> readiness() {
        return get("/readyz?verbose").map(HttpResponse::body);
    }

    /** The value of one metric, named with its labels as {@code /metrics} prints it; 0 when it is not there. */
    public double metric(String name) {
        return get("/metrics").stream()
                .flatMap(r -> r.body().lines())
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    /** The values of a metric added up over its labels. */
    public double total(String name) {
        return get("/metrics").stream()
                .flatMap(r -> r.body().lines())
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private Optional<HttpResponse<String>> get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
