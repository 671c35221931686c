package io.skep.monitor.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Whether all bundles use the same revision of each contract. One that was updated without a refresh is used by who comes
 * later, and who was there keeps the former one: to each other they are as good as absent, and nothing else tells of it.
 */
final class WiringCheck implements HealthCheck {

    private static final String OURS = "io.skep.";

    private final Supplier<Bundle[]> bundles;

    WiringCheck(Supplier<Bundle[]> bundles) {
        this.bundles = bundles;
    }

    @Override
    public String name() {
        return "wiring";
    }

    @Override
    public Health check() {
        Map<Bundle, Map<BundleRevision, Set<String>>> users = users();
        List<String> split = users.entrySet().stream()
                .filter(contract -> contract.getValue().size() > 1)
                .map(contract -> line(contract.getKey(), contract.getValue()))
                .sorted()
                .toList();
        return split.isEmpty() ? Health.HEALTHY : Health.unhealthy("RefreshNeeded", String.join(", ", split));
    }

    /** Who uses which revision of a bundle of ours. */
    private Map<Bundle, Map<BundleRevision, Set<String>>> users() {
        Map<Bundle, Map<BundleRevision, Set<String>>> users = new HashMap<>();
        Arrays.stream(bundles.get())
                .map(bundle -> bundle.adapt(BundleWiring.class))
                .filter(Objects::nonNull)
                .forEach(user -> imports(user).stream()
                        .map(BundleWire::getProvider)
                        .filter(used -> used.getSymbolicName().startsWith(OURS))
                        .filter(used -> used.getBundle() != user.getBundle())
                        .forEach(used -> users.computeIfAbsent(used.getBundle(), contract -> new HashMap<>())
                                .computeIfAbsent(used, revision -> new TreeSet<>())
                                .add(user.getBundle().getSymbolicName())));
        return users;
    }

    /** Empty for a bundle whose wiring has gone in this moment. */
    private static List<BundleWire> imports(BundleWiring user) {
        List<BundleWire> wires = user.getRequiredWires(BundleRevision.PACKAGE_NAMESPACE);
        return wires == null ? List.of() : wires;
    }

    private static String line(Bundle contract, Map<BundleRevision, Set<String>> users) {
        BundleRevision current = contract.adapt(BundleRevision.class);
        List<String> former = users.entrySet().stream()
                .filter(revision -> revision.getKey() != current)
                .flatMap(revision -> revision.getValue().stream())
                .sorted()
                .toList();
        String name = contract.getSymbolicName();
        return String.join(", ", former) + " still " + (former.size() == 1 ? "uses" : "use") + " a former " + name
                + ", others the new one: bundle:refresh " + name;
    }
}
