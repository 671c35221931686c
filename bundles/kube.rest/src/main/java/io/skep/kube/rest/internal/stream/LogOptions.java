package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code PodLogOptions}, checked.
 *
 * <p>Source: Kubernetes 1.31 {@code pkg/apis/core/validation/validation.go}, {@code pkg/registry/core/pod/strategy.go}.
 */
record LogOptions(
        String container,
        boolean follow,
        boolean previous,
        boolean timestamps,
        OptionalLong sinceSeconds,
        Optional<Instant> sinceTime,
        OptionalLong tailLines,
        OptionalLong limitBytes) {

    private static final ResourceKind KIND =
            new ResourceKind("", "v1", "PodLogOptions", "", "", true, List.of(), List.of(), List.of());

    static LogOptions of(String pod, QueryValues query) {
        LogOptions options = new LogOptions(
                query.text("container"),
                query.flag("follow"),
                query.flag("previous"),
                query.flag("timestamps"),
                query.number("sinceSeconds"),
                query.time("sinceTime"),
                query.number("tailLines"),
                query.number("limitBytes"));
        List<Status.Cause> wrong = options.wrong();
        if (!wrong.isEmpty()) {
            throw new KubeException(Status.invalid(KIND, pod, wrong));
        }
        return options;
    }

    private List<Status.Cause> wrong() {
        List<Status.Cause> wrong = new ArrayList<>();
        below(0, tailLines, "tailLines", "must be greater than or equal to 0", wrong);
        below(1, limitBytes, "limitBytes", "must be greater than 0", wrong);
        if (sinceSeconds.isPresent() && sinceTime.isPresent()) {
            wrong.add(new Status.Cause(
                    "FieldValueForbidden",
                    "",
                    "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            below(1, sinceSeconds, "sinceSeconds", "must be greater than 0", wrong);
        }
        return wrong;
    }

    private static void below(long least, OptionalLong value, String field, String rule, List<Status.Cause> into) {
        if (value.isPresent() && value.getAsLong() < least) {
            into.add(new Status.Cause("FieldValueInvalid", field, "Invalid value: " + value.getAsLong() + ": " + rule));
        }
    }

    /** The query kubelet is sent. */
    String kubeletQuery() {
        QueryValues.Writer query = new QueryValues.Writer()
                .addIf(follow, "follow", "true")
                .addIf(previous, "previous", "true")
                .addIf(timestamps, "timestamps", "true");
        sinceSeconds.ifPresent(value -> query.add("sinceSeconds", Long.toString(value)));
        sinceTime.ifPresent(value -> query.add("sinceTime", value.toString()));
        tailLines.ifPresent(value -> query.add("tailLines", Long.toString(value)));
        limitBytes.ifPresent(value -> query.add("limitBytes", Long.toString(value)));
        return query.text();
    }
}
