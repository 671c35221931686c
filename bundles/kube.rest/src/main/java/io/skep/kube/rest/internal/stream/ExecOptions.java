package io.skep.kube.rest.internal.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code PodExecOptions} and the client's wish to switch protocols, as kubelet takes them.
 *
 * <p>Source: Kubernetes 1.31 {@code streamParams} in {@code pkg/registry/core/pod/strategy.go}; {@code IsUpgradeRequest} in
 * {@code apimachinery/pkg/util/httpstream/httpstream.go}.
 */
final class ExecOptions {

    /** What of a request is kubelet's business; a client's credentials are not. */
    private static final List<String> PASSED =
            List.of("connection", "upgrade", "user-agent", "x-stream-protocol-version");

    private static final String WEB_SOCKET = "sec-websocket-";
    private static final String SUBPROTOCOLS = WEB_SOCKET + "protocol";

    /** In front of a bearer token, which browsers can send in no other header. */
    private static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private ExecOptions() {}

    /** The query kubelet is sent. */
    static String kubeletQuery(QueryValues query) {
        QueryValues.Writer writer = new QueryValues.Writer()
                .addIf(query.flag("stdin"), "input", "1")
                .addIf(query.flag("stdout"), "output", "1")
                .addIf(query.flag("stderr"), "error", "1")
                .addIf(query.flag("tty"), "tty", "1");
        query.all("command").forEach(part -> writer.add("command", part));
        return writer.text();
    }

    static boolean isUpgrade(HttpServletRequest request) {
        return values(request, "Connection").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
    }

    static boolean isWebSocket(HttpServletRequest request) {
        return isUpgrade(request) && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    /** The headers kubelet is sent. */
    static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.equals(SUBPROTOCOLS)) {
                headers.put(
                        canonical(name),
                        values(request, name).stream()
                                .map(listed -> withoutToken(listed).collect(Collectors.joining(", ")))
                                .toList());
            } else if (PASSED.contains(lower) || lower.startsWith(WEB_SOCKET)) {
                headers.put(canonical(name), values(request, name));
            }
        }
        return headers;
    }

    /** The WebSocket subprotocols a client offers. */
    static List<String> protocols(HttpServletRequest request) {
        return values(request, SUBPROTOCOLS).stream()
                .flatMap(ExecOptions::withoutToken)
                .filter(protocol -> !protocol.isEmpty())
                .toList();
    }

    private static Stream<String> withoutToken(String protocols) {
        return Stream.of(protocols.split(","))
                .map(String::strip)
                .filter(protocol -> !protocol.startsWith(TOKEN_PROTOCOL));
    }

    private static List<String> values(HttpServletRequest request, String name) {
        return new ArrayList<>(Collections.list(request.getHeaders(name)));
    }

    /** EdgeCore looks headers up as Go spells them. */
    private static String canonical(String name) {
        StringBuilder spelled = new StringBuilder();
        for (String part : name.split("-", -1)) {
            spelled.append(spelled.isEmpty() ? "" : "-")
                    .append(part.isEmpty() ? "" : part.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(part.isEmpty() ? "" : part.substring(1).toLowerCase(Locale.ROOT));
        }
        return spelled.toString();
    }
}
