package io.skep.kube.rest.internal.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * {@code /healthz}, {@code /livez} and {@code /readyz}, and each check of theirs below them.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/server/healthz/healthz.go}.
 */
final class HealthPaths {

    private static final Set<String> ALL = Set.of("/healthz", "/livez", "/readyz");
    private static final String STORE = "store";

    private final Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>();

    HealthPaths(Catalog catalog) {
        checks.put("ping", Optional::empty);
        checks.put(STORE, () -> catalog.isEmpty() ? Optional.of("no store is present") : Optional.empty());
    }

    /** What may be read without showing who one is: whether all is well, not what isn't. */
    static boolean isOpen(String path) {
        return ALL.contains(path);
    }

    /** The answer, or empty when the path is no such path. */
    Optional<Answer> answer(String path, Query query) {
        if (ALL.contains(path)) {
            return Optional.of(all(path.substring(1), query));
        }
        int slash = path.lastIndexOf('/');
        return slash > 0 && ALL.contains(path.substring(0, slash))
                ? Optional.of(one(path.substring(1, slash), path.substring(slash + 1)))
                : Optional.empty();
    }

    /** A server without a store lives, and waits for one. */
    private List<String> checksOf(String name) {
        return checks.keySet().stream()
                .filter(check -> name.equals("readyz") || !check.equals(STORE))
                .toList();
    }

    private Answer one(String name, String check) {
        if (!checksOf(name).contains(check)) {
            return Answer.text(404, "404 page not found\n", Map.of());
        }
        return checks.get(check)
                .get()
                .map(why -> Answer.text(500, "internal server error: " + why + "\n", Map.of()))
                .orElseGet(() -> Answer.text(200, "ok", Map.of()));
    }

    private Answer all(String name, Query query) {
        Set<String> excluded = new TreeSet<>(query.values().getOrDefault("exclude", List.of()));
        List<String> lines = new ArrayList<>();
        boolean failed = false;
        for (String check : checksOf(name)) {
            if (excluded.remove(check)) {
                lines.add("[+]" + check + " excluded: ok");
            } else if (checks.get(check).get().isPresent()) {
                lines.add("[-]" + check + " failed: reason withheld");
                failed = true;
            } else {
                lines.add("[+]" + check + " ok");
            }
        }
        if (!excluded.isEmpty()) {
            lines.add("warn: some health checks cannot be excluded: no matches for "
                    + excluded.stream().map(check -> "\"" + check + "\"").collect(Collectors.joining(",")));
        }
        lines.add(name + " check " + (failed ? "failed" : "passed"));
        boolean verbose = failed || query.values().containsKey("verbose");
        return Answer.text(
                failed ? 500 : 200,
                verbose ? String.join("\n", lines) + "\n" : "ok",
                Map.of("X-Content-Type-Options", "nosniff"));
    }
}
