package io.skep.bus.internal.swap;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.Version;

/** What a bundle that is not installed yet would provide, by its manifest. */
final class Offers {

    private record Offer(String namespace, Map<String, Object> attributes) {}

    private final List<Offer> offers;

    Offers(BundleJar jar) {
        Stream<Offer> packages = clauses(
                jar,
                Constants.EXPORT_PACKAGE,
                Imports.PACKAGE,
                clause -> clause.attributes().getOrDefault(Constants.VERSION_ATTRIBUTE, "0.0.0"));
        Offer bundle = new Offer(
                Imports.BUNDLE, Map.of(Imports.BUNDLE, jar.name(), Constants.BUNDLE_VERSION_ATTRIBUTE, jar.version()));
        offers = Stream.of(packages, Stream.of(bundle), capabilities(jar))
                .flatMap(s -> s)
                .toList();
    }

    private static Stream<Offer> clauses(
            BundleJar jar, String header, String namespace, Function<Clause, String> version) {
        return Clause.parse(jar.headers().getValue(header)).stream()
                .flatMap(clause -> clause.paths().stream()
                        .map(path -> new Offer(
                                namespace,
                                Map.of(
                                        namespace,
                                        path,
                                        Constants.VERSION_ATTRIBUTE,
                                        Version.parseVersion(version.apply(clause))))));
    }

    private static Stream<Offer> capabilities(BundleJar jar) {
        return Clause.parse(jar.headers().getValue(Constants.PROVIDE_CAPABILITY)).stream()
                .flatMap(clause -> clause.paths().stream().map(path -> new Offer(path, values(clause))));
    }

    // Types are gone from a parsed clause; a version and a list are told by name and by shape.
    private static Map<String, Object> values(Clause clause) {
        Map<String, Object> values = new HashMap<>();
        clause.attributes().forEach((key, value) -> {
            if (key.equals(Constants.VERSION_ATTRIBUTE) && !value.contains(",")) {
                values.put(key, Version.parseVersion(value));
            } else {
                values.put(key, value.contains(",") ? Arrays.asList(value.split(",")) : value);
            }
        });
        return values;
    }

    /** Whether something of it fits. */
    boolean fit(String namespace, String filter) {
        return offers.stream()
                .filter(offer -> offer.namespace().equals(namespace))
                .anyMatch(offer -> filter.isEmpty() || parsed(filter).matches(offer.attributes()));
    }

    private static Filter parsed(String filter) {
        try {
            return FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException("no filter: " + filter, e);
        }
    }
}
