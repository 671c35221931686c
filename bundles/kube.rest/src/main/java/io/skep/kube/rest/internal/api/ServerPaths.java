package io.skep.kube.rest.internal.api;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ServerVersion;
import io.skep.kube.rest.internal.discovery.ApiResource;
import io.skep.kube.rest.internal.discovery.Discovery;
import io.skep.kube.rest.internal.schema.OpenApi;
import io.skep.kube.rest.internal.schema.OpenApiProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the server says about itself: health, version, discovery, OpenAPI. */
final class ServerPaths {

    private static final String OPENAPI_V3 = "/openapi/v3";

    /** What everybody may read who showed who they are. */
    static final List<String> ROOTS = List.of(
            "/",
            "/api",
            "/api/*",
            "/apis",
            "/apis/*",
            "/healthz",
            "/livez",
            "/openapi",
            "/openapi/*",
            "/readyz",
            "/version");

    private final Catalog catalog;
    private final HealthPaths health;
    private final OpenApi openApi;

    ServerPaths(Catalog catalog, OpenApi openApi) {
        this.catalog = catalog;
        this.health = new HealthPaths(catalog);
        this.openApi = openApi;
    }

    /** What may be read without showing who one is. */
    static boolean isOpen(String path) {
        return path.equals("/version") || HealthPaths.isOpen(path);
    }

    /** The answer, or empty when the path is no such path. */
    Optional<Answer> answer(ApiRequest request) {
        String path = request.path().length() > 1 && request.path().endsWith("/")
                ? request.path().substring(0, request.path().length() - 1)
                : request.path();
        Optional<Answer> asked = health.answer(path, request.query());
        return asked.isPresent() ? asked : other(request, path);
    }

    private Optional<Answer> other(ApiRequest request, String path) {
        return switch (path) {
            case "/version" ->
                Optional.of(Answer.json(200, ServerVersion.describe().asMap()));
            case "/" -> Optional.of(Answer.json(200, Map.of("paths", paths())));
            case "/api" -> Optional.of(core(request));
            case "/apis" -> Optional.of(groups(request));
            case "/openapi/v2" -> Optional.of(openApiV2(request));
            case OPENAPI_V3 -> Optional.of(Answer.json(200, openApi.v3Index(kinds())));
            default ->
                path.startsWith(OPENAPI_V3 + "/")
                        ? Optional.of(openApiV3(path.substring(OPENAPI_V3.length() + 1)))
                        : group(path);
        };
    }

    private List<String> paths() {
        List<String> roots =
                kinds().stream().map(kind -> "/" + OpenApi.root(kind)).toList();
        return Stream.concat(
                        Stream.of(
                                "/api",
                                "/apis",
                                "/healthz",
                                "/livez",
                                "/openapi/v2",
                                OPENAPI_V3,
                                "/readyz",
                                "/version"),
                        roots.stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Answer core(ApiRequest request) {
        View view = request.view();
        return view.form() == View.Form.DISCOVERY
                ? aggregated(true, view)
                : Answer.json(
                        200,
                        discovery()
                                .core(
                                        request.http().getHeader("Host") == null
                                                ? ""
                                                : request.http().getHeader("Host")));
    }

    private Answer groups(ApiRequest request) {
        View view = request.view();
        return view.form() == View.Form.DISCOVERY
                ? aggregated(false, view)
                : Answer.json(200, discovery().groups());
    }

    private Answer aggregated(boolean core, View view) {
        return Answer.json(200, discovery().aggregated(core, view.version()))
                .as("application/json;g=apidiscovery.k8s.io;v=" + view.version() + ";as=APIGroupDiscoveryList");
    }

    /** {@code /api/v1}, {@code /apis/<group>} or {@code /apis/<group>/<version>}. */
    private Optional<Answer> group(String path) {
        String[] parts = path.split("/");
        Optional<Map<String, Object>> found = switch (parts.length) {
            case 3 ->
                parts[1].equals("api")
                        ? discovery().resources("", parts[2])
                        : parts[1].equals("apis") ? discovery().group(parts[2]) : Optional.empty();
            case 4 -> parts[1].equals("apis") ? discovery().resources(parts[2], parts[3]) : Optional.empty();
            default -> Optional.empty();
        };
        return found.map(tree -> Answer.json(200, tree));
    }

    /** Old kubectls ask for protobuf and nothing else. */
    private Answer openApiV2(ApiRequest request) {
        Map<String, Object> document = openApi.v2(kinds());
        if (request.accept().contains(OpenApiProto.ASKED)) {
            return new Answer(200, OpenApiProto.ANSWERED, OpenApiProto.encode(document), List.of());
        }
        return Answer.json(200, document);
    }

    private Answer openApiV3(String root) {
        List<ResourceKind> inRoot =
                kinds().stream().filter(kind -> OpenApi.root(kind).equals(root)).toList();
        if (inRoot.isEmpty()) {
            throw Statuses.unknownPath();
        }
        return Answer.json(200, openApi.v3(inRoot));
    }

    private List<ResourceKind> kinds() {
        return discoverable().stream().map(ApiResource::kind).toList();
    }

    private Discovery discovery() {
        return new Discovery(discoverable());
    }

    private List<ApiResource> discoverable() {
        List<ApiResource> all = new ArrayList<>(Reviews.resources());
        catalog.kinds()
                .forEach(kind ->
                        all.add(kind.equals(EmptyStore.SERVICE) ? ApiResource.readOnly(kind) : ApiResource.kept(kind)));
        return all;
    }
}
