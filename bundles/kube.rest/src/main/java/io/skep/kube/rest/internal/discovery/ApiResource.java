package io.skep.kube.rest.internal.discovery;

import io.skep.kube.api.ResourceKind;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A resource in discovery.
 *
 * @param kind what it is
 * @param verbs what can be done with it, in alphabetical order
 */
public record ApiResource(ResourceKind kind, List<String> verbs) {

    static final Comparator<ApiResource> BY_NAME =
            Comparator.comparing(resource -> resource.kind().plural());

    /** {@code v2}, {@code v1}, {@code v1beta2}, {@code v1beta1}, {@code v1alpha1}. */
    static final Comparator<String> NEWEST_FIRST = Comparator.comparing(ApiResource::stability)
            .thenComparing(ApiResource::major)
            .thenComparing(ApiResource::minor)
            .reversed()
            .thenComparing(Comparator.naturalOrder());

    private static final Pattern KUBE_VERSION = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

    private static final List<String> ALL_VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> NAMESPACE_VERBS =
            List.of("create", "delete", "get", "list", "patch", "update", "watch");
    private static final List<String> READ_VERBS = List.of("get", "list", "watch");

    /** A kind that a store keeps. */
    public static ApiResource kept(ResourceKind kind) {
        return new ApiResource(kind, kind.plural().equals("namespaces") ? NAMESPACE_VERBS : ALL_VERBS);
    }

    /** A kind that can only be looked at. */
    public static ApiResource readOnly(ResourceKind kind) {
        return new ApiResource(kind, READ_VERBS);
    }

    List<Subresource> subresources() {
        return kind.subresources().stream()
                .sorted()
                .map(name -> Subresource.of(kind, name))
                .toList();
    }

    private static int stability(String version) {
        Matcher matcher = KUBE_VERSION.matcher(version);
        if (!matcher.matches()) {
            return 0;
        }
        return matcher.group(2) == null ? 3 : matcher.group(2).equals("beta") ? 2 : 1;
    }

    private static int major(String version) {
        return number(version, 1);
    }

    private static int minor(String version) {
        return number(version, 3);
    }

    private static int number(String version, int group) {
        Matcher matcher = KUBE_VERSION.matcher(version);
        return matcher.matches() && matcher.group(group) != null ? Integer.parseInt(matcher.group(group)) : 0;
    }
}
