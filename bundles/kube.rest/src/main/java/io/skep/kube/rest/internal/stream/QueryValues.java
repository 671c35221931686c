package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Query parameters as Kubernetes turns them into option objects, and back into kubelet's query.
 *
 * @param values of each parameter, in order
 */
record QueryValues(Map<String, List<String>> values) {

    String text(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.get(0);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A name without a value stands for true, as does any value but {@code false} and {@code 0}. */
    boolean flag(String name) {
        return !all(name).isEmpty()
                && !text(name).equalsIgnoreCase("false")
                && !text(name).equals("0");
    }

    OptionalLong number(String name) {
        if (text(name).isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text(name)));
        } catch (NumberFormatException e) {
            throw badRequest("strconv.ParseInt: parsing \"" + text(name) + "\": invalid syntax");
        }
    }

    Optional<Instant> time(String name) {
        if (text(name).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text(name)).toInstant().truncatedTo(ChronoUnit.SECONDS));
        } catch (DateTimeParseException e) {
            throw badRequest("parsing time \"" + text(name) + "\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \""
                    + text(name) + "\" as \"2006\"");
        }
    }

    static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }

    /** A query in Go's order: by name. */
    static final class Writer {

        private final Map<String, List<String>> parameters = new TreeMap<>();

        Writer add(String name, String value) {
            parameters.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
            return this;
        }

        Writer addIf(boolean wanted, String name, String value) {
            return wanted ? add(name, value) : this;
        }

        String text() {
            StringBuilder query = new StringBuilder();
            parameters.forEach((name, all) -> all.forEach(value -> query.append(query.isEmpty() ? "" : "&")
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
            return query.toString();
        }
    }
}
