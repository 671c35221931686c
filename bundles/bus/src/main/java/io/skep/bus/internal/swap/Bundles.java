package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.EdgeModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The framework's bundles, as far as modules are concerned. Changing one blocks until the framework has done it. */
final class Bundles {

    private static final Duration REFRESH_LIMIT = Duration.ofSeconds(10);
    private static final String INSTALLED_HERE = "skep-module:";
    private static final String LIBRARY = "skep-library:";

    private final BundleContext context;
    private final FrameworkWiring framework;

    Bundles(BundleContext context) {
        this.context = context;
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }

    Imports imports() {
        return new Imports(framework);
    }

    static String label(Bundle bundle) {
        return bundle.getSymbolicName() + "/" + bundle.getVersion();
    }

    /** The bundle that provides a module now. */
    Optional<Bundle> ofModule(String module) {
        return Arrays.stream(context.getBundles())
                .filter(b -> modules(b).contains(module))
                .findFirst();
    }

    /** Names of the modules a bundle provides now. */
    static List<String> modules(Bundle bundle) {
        ServiceReference<?>[] services = bundle.getRegisteredServices();
        return Stream.ofNullable(services)
                .flatMap(Arrays::stream)
                .filter(s -> Arrays.asList((String[]) s.getProperty(Constants.OBJECTCLASS))
                        .contains(EdgeModule.class.getName()))
                .map(s -> s.getProperty(EdgeModule.NAME))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList();
    }

    /** A bundle by its symbolic name. */
    Optional<Bundle> named(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(b -> symbolicName.equals(b.getSymbolicName()))
                .findFirst();
    }

    /** A bundle by its symbolic name and version, of which there can be one. */
    Optional<Bundle> exact(String symbolicName, Version version) {
        return Arrays.stream(context.getBundles())
                .filter(b -> symbolicName.equals(b.getSymbolicName()) && version.equals(b.getVersion()))
                .findFirst();
    }

    /** Installs a file's bundle beside others of its name, without starting it. */
    Bundle installLibrary(BundleJar jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar.file())) {
            return context.installBundle(LIBRARY + jar.label(), in);
        }
    }

    /** A bundle installed as a library, by its name and version. */
    Optional<Bundle> library(String label) {
        return Optional.ofNullable(context.getBundle(LIBRARY + label));
    }

    /** Bundles installed as libraries that nobody is wired to, but the {@code kept} newest of each name. */
    List<Bundle> unusedLibraries(int kept) {
        Map<String, List<Bundle>> byName = Arrays.stream(context.getBundles())
                .filter(b -> b.getLocation().startsWith(LIBRARY) && !isUsedByOthers(b))
                .collect(Collectors.groupingBy(Bundle::getSymbolicName));
        return byName.values().stream()
                .flatMap(same -> same.stream()
                        .sorted(Comparator.comparingLong(Bundle::getBundleId).reversed())
                        .skip(kept))
                .toList();
    }

    /** Installs a file's bundle without starting it. */
    Bundle install(BundleJar jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar.file())) {
            return context.installBundle(INSTALLED_HERE + jar.name(), in);
        }
    }

    /** Installs what was there before where it was, without starting it. */
    Bundle reinstall(BundleJar jar) throws BundleException, IOException {
        Optional<Origin> origin = Origin.in(jar.file());
        if (origin.isEmpty()) {
            return install(jar);
        }
        try (InputStream in = Files.newInputStream(jar.file())) {
            Bundle bundle = context.installBundle(origin.get().location(), in);
            bundle.adapt(BundleStartLevel.class).setStartLevel(origin.get().startLevel());
            return bundle;
        }
    }

    /** The bundle that {@link #install} has installed, by its symbolic name. */
    Optional<Bundle> installed(String symbolicName) {
        return Optional.ofNullable(context.getBundle(INSTALLED_HERE + symbolicName));
    }

    /** Puts {@code file} in the place of a stopped bundle's content; bundles wired to it are refreshed, no others. */
    void update(Bundle bundle, Path file) throws BundleException, IOException, InterruptedException {
        boolean used = isUsedByOthers(bundle);
        try (InputStream in = Files.newInputStream(file)) {
            bundle.update(in);
        }
        if (used) {
            refresh(bundle);
        }
    }

    private static boolean isUsedByOthers(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return wiring != null
                && wiring.getProvidedWires(null).stream()
                        .anyMatch(w -> !bundle.equals(w.getRequirer().getBundle()));
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        framework.refreshBundles(List.of(bundle), event -> done.countDown());
        if (!done.await(REFRESH_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new EdgeException(
                    Reason.TIMEOUT,
                    "the bundles that use " + label(bundle) + " were not refreshed within " + REFRESH_LIMIT.toSeconds()
                            + " s");
        }
    }
}
