package io.skep.kube.rest.internal.stream;

import static io.skep.kube.rest.internal.stream.QueryValues.badRequest;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/**
 * {@code pods/log} and {@code pods/exec}: what is asked of the API becomes what is asked of the node's kubelet. Refuses with a
 * {@link KubeException}, before the connection is taken; afterwards the stream has it.
 *
 * <p>Source: Kubernetes 1.31 {@code pkg/registry/core/pod/rest/{log,subresources}.go}, {@code pod/strategy.go}.
 */
public final class PodDoor {

    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Supplier<Optional<PodStreams>> streams;
    private final Duration linger;

    /** @param streams the way to nodes that is there now */
    public PodDoor(Supplier<Optional<PodStreams>> streams) {
        this(streams, LINGER);
    }

    /** As above; {@code linger} is how long a client may take to close after its node has said all. */
    public PodDoor(Supplier<Optional<PodStreams>> streams, Duration linger) {
        this.streams = streams;
        this.linger = linger;
    }

    /** Sends a container's log. */
    public void log(
            KubeObject pod, Map<String, List<String>> query, HttpServletRequest request, HttpServletResponse response) {
        LogOptions options = LogOptions.of(pod.name(), new QueryValues(query));
        String container = PodContainers.choose(pod, options.container());
        String node = pod.spec().text("nodeName");
        if (node.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        PodContainers.requireLog(pod, container, options.previous());
        KubeletRequest asked = new KubeletRequest(
                "GET", path("containerLogs", pod, container), options.kubeletQuery(), agent(request));
        if (ExecOptions.isWebSocket(request)) {
            onSocket(node, asked, request);
            return;
        }
        LogStream log = new LogStream(options.follow());
        PodStream opened = streams().logs(node, asked, log);
        try {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            log.attach(opened, context, ClientConnection.of(request));
        } catch (IOException e) {
            opened.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void onSocket(String node, KubeletRequest asked, HttpServletRequest request) {
        LogSocket socket = new LogSocket(SocketProtocol.choose(request), linger);
        socket.attach(streams().logs(node, asked, socket));
        try {
            SocketUpgrade.begin(request, socket);
        } catch (IOException e) {
            socket.abandon();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            socket.abandon();
            throw e;
        }
    }

    /** Runs a command: the client's connection is the node's from here on, with the response still to come from there. */
    public void exec(
            KubeObject pod, Map<String, List<String>> query, HttpServletRequest request, HttpServletResponse response) {
        QueryValues options = new QueryValues(query);
        String container = PodContainers.choose(pod, options.text("container"));
        String node = pod.spec().text("nodeName");
        if (node.isEmpty()) {
            throw badRequest("pod " + pod.name() + " does not have a host assigned");
        }
        Request core = ClientConnection.core(request);
        if (!ExecOptions.isUpgrade(request) || core.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
            throw badRequest("Upgrade request required");
        }
        KubeletRequest asked = new KubeletRequest(
                request.getMethod(),
                path("exec", pod, container),
                ExecOptions.kubeletQuery(options),
                ExecOptions.headers(request));
        ExecPipe pipe = new ExecPipe(
                core.getConnectionMetaData().getConnection().getEndPoint(),
                core.getConnectionMetaData().getConnector().getExecutor(),
                linger);
        pipe.attach(streams().exec(node, asked, pipe));
        RawUpgrade.begin(request, response, pipe, pipe::abandon);
    }

    private PodStreams streams() {
        return streams.get()
                .orElseThrow(() -> new KubeException(Status.of(
                        Status.SERVICE_UNAVAILABLE,
                        503,
                        "this server has no way to nodes: bundle io.skep.cloudstream is not there or not active")));
    }

    private static String path(String kind, KubeObject pod, String container) {
        return "/" + kind + "/" + pod.namespace() + "/" + pod.name() + "/" + container;
    }

    private static Map<String, List<String>> agent(HttpServletRequest request) {
        String agent = request.getHeader("User-Agent");
        return agent == null ? Map.of() : Map.of("User-Agent", List.of(agent));
    }
}
