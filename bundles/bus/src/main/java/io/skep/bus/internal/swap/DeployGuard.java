package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps bundles that came through {@code deploy/} from running where nobody trusted has signed them. It looks at what the
 * framework keeps of a bundle, not at the file in the folder, which may be another one by then. What is not a plain bundle
 * there (a features file, say) becomes a bundle that nobody has signed.
 *
 * <p>Threads: the framework asks on the thread of whoever resolves a bundle, which waits for the disk; only for bundles of
 * that folder, and once for each content and each file of trusted certificates.
 */
public final class DeployGuard implements ResolverHookFactory, AutoCloseable {

    /** What came of a look at a content; a refusal is looked at again when others are trusted. */
    private record Verdict(long trusted, Optional<String> objection) {

        boolean holds(long changed) {
            return objection.isEmpty() || trusted == changed;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(DeployGuard.class);
    private static final String CONTENT = "deploy";

    private final BundleContext context;
    private final TrustedSigners signers;
    private final OperationFiles files;
    private final List<String> folders;
    private final Map<BundleRevision, Verdict> verdicts = new WeakHashMap<>();
    private ServiceRegistration<ResolverHookFactory> registration;

    /** @param settings say whom to trust, and where a bundle's content is laid while it is looked at */
    public DeployGuard(BundleContext context, SwapSettings settings, InstantSource clock) {
        this.context = context;
        signers = new TrustedSigners(settings.signers(), clock);
        files = new OperationFiles(settings.folder().resolveSibling(CONTENT), settings.maxBytes());
        folders = folders(context.getProperty("karaf.base"));
    }

    private static List<String> folders(String base) {
        if (base == null) {
            return List.of();
        }
        Path folder = Path.of(base, "deploy").toAbsolutePath().normalize();
        try {
            return Stream.of(folder, Files.exists(folder) ? folder.toRealPath() : folder)
                    .map(f -> withSlash(f.toFile().toURI().toString()))
                    .distinct()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("no usable folder: " + folder, e);
        }
    }

    private static String withSlash(String address) {
        return address.endsWith("/") ? address : address + "/";
    }

    /** Begins to ask, if signatures are asked for; a bundle that runs already without one is stopped. */
    public void open() {
        if (!signers.areRequired() || folders.isEmpty()) {
            return;
        }
        registration = context.registerService(ResolverHookFactory.class, this, null);
        List<Bundle> unwanted = Arrays.stream(context.getBundles())
                .filter(b -> b.getState() != Bundle.INSTALLED && !may(b))
                .toList();
        unwanted.forEach(DeployGuard::stop);
        if (!unwanted.isEmpty()) {
            // Not resolved any more, it can't be started before it is signed.
            context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(FrameworkWiring.class)
                    .refreshBundles(unwanted);
        }
    }

    private static void stop(Bundle bundle) {
        try {
            bundle.stop(Bundle.STOP_TRANSIENT);
        } catch (BundleException e) {
            LOG.warn("bundle of deploy/ not stopped: bundle={} reason={}", Bundles.label(bundle), e.getMessage());
        }
    }

    /** Asks no more. */
    @Override
    public void close() {
        if (registration != null) {
            registration.unregister();
        }
    }

    /**
     * Why what {@code bundle} is now may not run, in one sentence; empty when it may. Blocks on the disk.
     *
     * @throws EdgeException when that can't be told now: its content can't be read or laid on the disk
     */
    Optional<String> objection(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (!signers.areRequired() || revision == null || !isDeployed(bundle.getLocation())) {
            return Optional.empty();
        }
        Verdict known = known(revision);
        if (known == null || !known.holds(signers.changed())) {
            known = look(bundle);
            remember(revision, bundle, known);
        }
        return known.objection();
    }

    private synchronized Verdict known(BundleRevision revision) {
        return verdicts.get(revision);
    }

    private synchronized void remember(BundleRevision revision, Bundle bundle, Verdict verdict) {
        Verdict before = verdicts.put(revision, verdict);
        if (verdict.objection().isPresent()
                && (before == null || !before.objection().equals(verdict.objection()))) {
            LOG.warn(
                    "bundle of deploy/ may not run: bundle={} location={} reason={}",
                    Bundles.label(bundle),
                    bundle.getLocation(),
                    verdict.objection().get());
        }
    }

    // Deployers put their own word before the file's address.
    private boolean isDeployed(String location) {
        String address = location.replace("file:///", "file:/");
        return folders.stream().anyMatch(address::contains);
    }

    private Verdict look(Bundle bundle) {
        long trusted = signers.changed();
        // The module's update is looked at by a thread of its own, while whoever made it asks for its start.
        String folder = bundle.getBundleId() + "-" + Thread.currentThread().getId();
        try {
            Path content = files.snapshot(folder, bundle);
            return new Verdict(trusted, objection(content, Bundles.label(bundle)));
        } finally {
            files.drop(folder);
        }
    }

    private Optional<String> objection(Path content, String label) {
        try {
            signers.check(content, label);
            return Optional.empty();
        } catch (EdgeException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Whether it may run; not as long as that can't be told. */
    private boolean may(Bundle bundle) {
        try {
            return objection(bundle).isEmpty();
        } catch (EdgeException e) {
            LOG.warn("bundle of deploy/ may not run yet: bundle={} reason={}", Bundles.label(bundle), e.getMessage());
            return false;
        }
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return triggers.stream().allMatch(t -> t.getWiring() != null) ? new DynamicHook() : new Hook();
    }

    /** Keeps what may not run from being resolved. */
    private class Hook implements ResolverHook {

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {
            candidates.removeIf(c -> !may(c.getBundle()));
        }

        @Override
        public void filterSingletonCollisions(BundleCapability one, Collection<BundleCapability> others) {}

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {}

        @Override
        public void end() {}
    }

    /**
     * The same where a bundle at work looks for one more package: Felix takes it for removed as soon as anything is, for it
     * is not among those to be resolved, and fails all such searches of the process.
     */
    private final class DynamicHook extends Hook {

        @Override
        public void filterResolvable(Collection<BundleRevision> candidates) {}

        @Override
        public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
            candidates.removeIf(c -> !may(c.getRevision().getBundle()));
        }
    }
}
