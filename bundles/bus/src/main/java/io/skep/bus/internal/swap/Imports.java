package io.skep.bus.internal.swap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.VersionRange;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * Whether what a bundle needs is there, asked before anything is stopped. It asks the framework for providers one need at a
 * time, so clashes between them ({@code uses}) show only when the bundle is started.
 */
final class Imports {

    static final String PACKAGE = "osgi.wiring.package";
    static final String BUNDLE = "osgi.wiring.bundle";
    private static final String RESOLVE = "resolve";

    private record Need(String namespace, String filter, String text) implements Requirement {
        @Override
        public String getNamespace() {
            return namespace;
        }

        @Override
        public Map<String, String> getDirectives() {
            return filter.isEmpty() ? Map.of() : Map.of(Namespace.REQUIREMENT_FILTER_DIRECTIVE, filter);
        }

        @Override
        public Map<String, Object> getAttributes() {
            return Map.of();
        }

        @Override
        public Resource getResource() {
            return null; // "no resource context", see FrameworkWiring.findProviders
        }
    }

    private final FrameworkWiring framework;

    Imports(FrameworkWiring framework) {
        this.framework = framework;
    }

    /**
     * What is missing for {@code jar}, as one sentence; empty when nothing is.
     *
     * @param came bundles that are to be installed with it
     */
    Optional<String> missing(BundleJar jar, List<BundleJar> came) {
        List<Offers> offers = came.stream().map(Offers::new).toList();
        List<String> missing = needs(jar)
                .filter(need -> framework.findProviders(need).isEmpty())
                .filter(need -> offers.stream().noneMatch(o -> o.fit(need.namespace(), need.filter())))
                .map(Need::text)
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(jar.label() + " can't be resolved: nothing here provides " + String.join(", ", missing));
    }

    private static Stream<Need> needs(BundleJar jar) {
        List<String> own = Clause.parse(jar.headers().getValue(Constants.EXPORT_PACKAGE)).stream()
                .flatMap(c -> c.paths().stream())
                .toList();
        Stream<Need> packages = mandatory(jar, Constants.IMPORT_PACKAGE)
                .flatMap(c -> c.paths().stream().filter(p -> !own.contains(p)).map(p -> versioned(PACKAGE, p, c)));
        Stream<Need> bundles = mandatory(jar, Constants.REQUIRE_BUNDLE)
                .flatMap(c -> c.paths().stream().map(p -> versioned(BUNDLE, p, c)));
        return Stream.of(packages, bundles, capabilities(jar)).flatMap(s -> s);
    }

    private static Stream<Clause> mandatory(BundleJar jar, String header) {
        return Clause.parse(jar.headers().getValue(header)).stream()
                .filter(c ->
                        !Constants.RESOLUTION_OPTIONAL.equals(c.directives().get(Constants.RESOLUTION_DIRECTIVE)));
    }

    private static Need versioned(String namespace, String name, Clause clause) {
        String key = namespace.equals(PACKAGE) ? Constants.VERSION_ATTRIBUTE : Constants.BUNDLE_VERSION_ATTRIBUTE;
        String range = clause.attributes().getOrDefault(key, "");
        String is = "(" + namespace + "=" + name + ")";
        String what = (namespace.equals(PACKAGE) ? "package " : "bundle ") + name;
        return range.isEmpty()
                ? new Need(namespace, is, what)
                : new Need(
                        namespace,
                        "(&" + is + new VersionRange(range).toFilterString(key) + ")",
                        what + " in version " + range);
    }

    private static Stream<Need> capabilities(BundleJar jar) {
        List<String> own = Clause.parse(jar.headers().getValue(Constants.PROVIDE_CAPABILITY)).stream()
                .flatMap(c -> c.paths().stream())
                .toList();
        return mandatory(jar, Constants.REQUIRE_CAPABILITY)
                .filter(c ->
                        RESOLVE.equals(c.directives().getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, RESOLVE)))
                .flatMap(c -> c.paths().stream()
                        .filter(p -> !own.contains(p))
                        .map(p -> capability(
                                p, c.directives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, ""))));
    }

    private static Need capability(String namespace, String filter) {
        return new Need(
                namespace,
                filter,
                Stream.of("capability " + namespace, filter)
                        .filter(s -> !s.isEmpty())
                        .collect(Collectors.joining(" ")));
    }
}
