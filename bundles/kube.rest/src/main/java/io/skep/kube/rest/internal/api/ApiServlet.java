package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ServerVersion;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.api.Catalog.Served;
import io.skep.kube.rest.internal.auth.Authenticator;
import io.skep.kube.rest.internal.auth.User;
import io.skep.kube.rest.internal.schema.FieldCheck;
import io.skep.kube.rest.internal.schema.OpenApi;
import io.skep.kube.rest.internal.schema.Schemas;
import io.skep.kube.rest.internal.stream.PodDoor;
import io.skep.kube.rest.internal.table.Tables;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Kubernetes API over HTTP. A request is handled on the container's thread, which waits for the store; a watch gives
 * the thread back.
 */
public final class ApiServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final transient Catalog catalog;
    private final transient Authenticator authenticator;
    private final transient ServerPaths paths;
    private final transient WatchStreams watches;
    private final transient Reads reads;
    private final transient Writes writes;
    private final transient PodDoor pods;
    private final transient ApiMetrics metrics;

    public ApiServlet(
            Catalog catalog,
            Authenticator authenticator,
            WatchStreams watches,
            PodDoor pods,
            ApiMetrics metrics,
            InstantSource clock) {
        Schemas schemas = new Schemas();
        this.catalog = catalog;
        this.authenticator = authenticator;
        this.watches = watches;
        this.pods = pods;
        this.metrics = metrics;
        this.paths = new ServerPaths(catalog, new OpenApi(schemas, ServerVersion.VERSION));
        this.reads = new Reads(new Tables(clock), watches);
        this.writes = new Writes(new FieldCheck(schemas));
    }

    @Override
    protected void service(HttpServletRequest http, HttpServletResponse response) throws IOException {
        String verb = Verb.OTHER.word();
        Optional<Answer> answer;
        try {
            ApiRequest request = new ApiRequest(http, user(http));
            Optional<ApiPath> path = ApiPath.parse(request.path());
            Verb named = Verb.of(request, path);
            verb = named.word();
            Optional<Answer> own = serverPath(request, path);
            answer = own.isPresent() ? own : resource(request, path, named, response);
        } catch (KubeException e) {
            answer = Optional.of(Answer.status(e.status()));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("request failed: method={} path={}", http.getMethod(), http.getRequestURI(), e);
            answer = Optional.of(Answer.status(Status.of(Status.INTERNAL_ERROR, 500, "Internal error occurred: " + e)));
        }
        metrics.request(verb, answer.map(Answer::code).orElse(HttpServletResponse.SC_OK));
        if (answer.isPresent()) {
            write(answer.get(), response);
        }
    }

    private User user(HttpServletRequest http) {
        X509Certificate[] chain = (X509Certificate[]) http.getAttribute(CERTIFICATES);
        User user = authenticator
                .authenticate(http.getHeader("Authorization"), chain == null ? List.of() : List.of(chain))
                .orElseThrow(Statuses::unauthorized);
        if (user.equals(User.ANONYMOUS) && !ServerPaths.isOpen(http.getRequestURI())) {
            throw Statuses.unauthorized();
        }
        return Impersonation.of(http, user);
    }

    private Optional<Answer> serverPath(ApiRequest request, Optional<ApiPath> path) {
        if (path.isPresent() && Reviews.isReview(path.get())) {
            return Optional.of(Reviews.answer(request, path.get()));
        }
        Optional<Answer> own = paths.answer(request);
        if (own.isPresent()
                && !request.method().equals("GET")
                && !request.method().equals("HEAD")) {
            throw Statuses.methodNotAllowed();
        }
        return own;
    }

    /** The answer, or empty when a watch or a stream has taken the connection. */
    private Optional<Answer> resource(
            ApiRequest request, Optional<ApiPath> parsed, Verb verb, HttpServletResponse response) {
        ApiPath path = parsed.orElseThrow(Statuses::unknownPath);
        Authorization.require(request.user(), verb, path);
        Served served = served(path);
        if (isPodStream(path)) {
            stream(request, path, served, response);
            return Optional.empty();
        }
        if (verb == Verb.WATCH) {
            reads.watch(request, path, served, response);
            return Optional.empty();
        }
        return Optional.of(
                switch (verb) {
                    case GET -> reads.get(request, path, served);
                    case LIST -> reads.list(request, path, served);
                    case CREATE ->
                        path.name().isEmpty()
                                ? writes.create(request, path, served)
                                : writes.createSub(request, path, served);
                    case UPDATE -> writes.update(request, path, served);
                    case PATCH -> writes.patch(request, path, served);
                    case DELETE -> writes.delete(request, path, served);
                    case DELETE_COLLECTION -> writes.deleteCollection(request, path, served);
                    case WATCH, OTHER -> throw Statuses.methodNotAllowed();
                });
    }

    private static boolean isPodStream(ApiPath path) {
        return path.group().isEmpty()
                && path.resource().equals("pods")
                && (path.subresource().equals("log") || path.subresource().equals("exec"));
    }

    private void stream(ApiRequest request, ApiPath path, Served served, HttpServletResponse response) {
        boolean exec = path.subresource().equals("exec");
        String method = request.method();
        if (!method.equals("GET") && !(exec && method.equals("POST"))) {
            throw Statuses.methodNotAllowed();
        }
        KubeObject pod = served.store().get(new ObjectKey(served.kind(), path.namespace(), path.name()));
        if (exec) {
            pods.exec(pod, request.query().values(), request.http(), response);
        } else {
            pods.log(pod, request.query().values(), request.http(), response);
        }
    }

    private Served served(ApiPath path) {
        if (catalog.isEmpty()) {
            throw Statuses.noStore();
        }
        return catalog.find(path.group(), path.version(), path.resource())
                .filter(found -> fits(path, found.kind()))
                .orElseThrow(Statuses::unknownPath);
    }

    /** A namespace in the path only for kinds that live in one, and always for a single object of such a kind. */
    private static boolean fits(ApiPath path, ResourceKind kind) {
        return kind.namespaced()
                ? path.name().isEmpty() || !path.namespace().isEmpty()
                : path.namespace().isEmpty();
    }

    private static void write(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.code());
        response.setHeader("Content-Type", answer.contentType());
        response.setHeader("Cache-Control", "no-cache, private");
        answer.headers().forEach(response::setHeader);
        answer.warningHeaders().forEach(header -> response.addHeader("Warning", header));
        response.setContentLength(answer.body().length);
        response.getOutputStream().write(answer.body());
    }

    @Override
    public void destroy() {
        watches.closeAll();
    }
}
