package io.skep.edged.internal.probe;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.GrpcHealth;
import io.skep.runtime.api.PodRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * One try of a probe or hook action against a running container; blocks up to its timeout, on a worker.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/prober/prober.go} and {@code pkg/probe}.
 */
public final class Check {

    private static final int MOST_TEXT = 10 << 10;

    private final Http http;
    private final Supplier<Optional<GrpcHealth>> grpc;

    /** @param grpc who speaks gRPC on this node, if anybody does now */
    public Check(Http http, Supplier<Optional<GrpcHealth>> grpc) {
        this.http = http;
        this.grpc = grpc;
    }

    /**
     * What to try it on.
     *
     * @param runtime runs the container
     * @param containerId the container
     * @param container what it is to be, for its ports' names
     * @param ip the pod's address
     */
    public record Target(PodRuntime runtime, String containerId, ContainerSpec container, String ip) {}

    /** The job that tries {@code action}: an object with {@code exec}, {@code httpGet}, {@code tcpSocket} or {@code grpc}. */
    public Callable<Outcome> of(Doc action, Target target, Duration timeout) {
        return () -> {
            if (action.has("exec")) {
                return exec(action.texts("exec", "command"), target, timeout);
            }
            if (action.has("httpGet")) {
                return get(action.object("httpGet"), target, timeout);
            }
            if (action.has("tcpSocket")) {
                return connect(action.object("tcpSocket"), target, timeout);
            }
            if (action.has("grpc")) {
                return ask(action.object("grpc"), target, timeout);
            }
            return Outcome.unknown("it says nothing to try: " + action.asMap().keySet());
        };
    }

    private static Outcome exec(List<String> command, Target target, Duration timeout) {
        if (command.isEmpty()) {
            return Outcome.failed("no command");
        }
        try {
            ExecResult result = target.runtime().execSync(target.containerId(), command, timeout);
            return result.exitCode() == 0 ? Outcome.PASSED : Outcome.failed(cut(result.stdout() + result.stderr()));
        } catch (ContainerException e) {
            return switch (e.code()) {
                case TIMEOUT ->
                    Outcome.failed("command timed out: \"" + String.join(" ", command) + "\" timed out after "
                            + seconds(timeout));
                case START_FAILED -> Outcome.failed(e.getMessage());
                case NOT_FOUND, INVALID, IMAGE_UNAVAILABLE, UNAVAILABLE, FAILED -> Outcome.unknown(e.getMessage());
            };
        }
    }

    private Outcome get(Doc action, Target target, Duration timeout) {
        Optional<Integer> port = port(action, target);
        if (port.isEmpty()) {
            return Outcome.failed("no port " + action.text("port") + " in container "
                    + target.container().name());
        }
        return http.get(action, host(action, target), port.get(), timeout);
    }

    private static Outcome connect(Doc action, Target target, Duration timeout) {
        Optional<Integer> port = port(action, target);
        if (port.isEmpty()) {
            return Outcome.failed("no port " + action.text("port") + " in container "
                    + target.container().name());
        }
        String host = host(action, target);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port.get()), (int) timeout.toMillis());
            return Outcome.PASSED;
        } catch (IOException e) {
            return Outcome.failed("dial tcp " + host + ":" + port.get() + ": " + e.getMessage());
        }
    }

    /** Not being able to ask passes nothing, and condemns no container: it may be for the moment of an update only. */
    private Outcome ask(Doc action, Target target, Duration timeout) {
        Optional<Integer> port = port(action, target);
        if (port.isEmpty()) {
            return Outcome.failed("no grpc port " + action.text("port"));
        }
        Optional<GrpcHealth> health = grpc.get();
        if (health.isEmpty()) {
            return Outcome.unknown("nobody on this node speaks gRPC: the bundle runtime.cri does, and is not running");
        }
        try {
            InetSocketAddress server = new InetSocketAddress(target.ip(), port.get());
            return health.get()
                    .trouble(server, action.text("service"), timeout)
                    .map(why -> Outcome.failed(cut(why)))
                    .orElse(Outcome.PASSED);
        } catch (ContainerException e) {
            return Outcome.unknown(e.getMessage());
        }
    }

    private static Optional<Integer> port(Doc action, Target target) {
        return action.at("port").flatMap(port -> target.container().port(port)).filter(p -> p > 0 && p < 65536);
    }

    private static String host(Doc action, Target target) {
        return action.text("host").isEmpty() ? target.ip() : action.text("host");
    }

    static String cut(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    }

    static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
