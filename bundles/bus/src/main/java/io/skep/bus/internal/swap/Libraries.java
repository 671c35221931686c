package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles that come with a module. They are installed beside what is there, so that nothing is stopped or wired anew for
 * them; one of the same name and version is there already. Blocks until the framework has done it.
 */
final class Libraries {

    // A roll-back needs those of the version before.
    private static final int KEPT_UNUSED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Libraries.class);

    private final Bundles bundles;

    Libraries(Bundles bundles) {
        this.bundles = bundles;
    }

    /**
     * Installs and starts what is not there yet.
     *
     * @return what was installed
     * @throws EdgeException when one of them is no good; then none is left
     */
    List<Bundle> put(Progress progress, List<BundleJar> libraries) {
        List<Bundle> installed = new ArrayList<>();
        List<String> present = new ArrayList<>();
        try {
            for (BundleJar jar : libraries) {
                if (bundles.exact(jar.name(), jar.version()).isPresent()) {
                    present.add(jar.label());
                } else {
                    installed.add(bundles.installLibrary(jar));
                }
            }
            for (Bundle bundle : installed) {
                bundle.start();
            }
        } catch (BundleException | IOException e) {
            takeAway(installed);
            String why = e instanceof BundleException b ? Swapper.sentence(b) : e.getMessage();
            throw new EdgeException(Reason.INVALID, "a library of the archive does not start: " + why, e);
        }
        if (!libraries.isEmpty()) {
            progress.step(
                    "libraries",
                    "installed " + installed.stream().map(Bundles::label).toList() + ", present " + present);
        }
        return installed;
    }

    /** Takes away what {@link #put} installed. */
    void takeAway(List<Bundle> installed) {
        for (Bundle bundle : installed) {
            try {
                bundle.uninstall();
            } catch (BundleException | IllegalStateException e) {
                LOG.warn("library left behind: bundle={} reason={}", Bundles.label(bundle), e.getMessage());
            }
        }
    }

    /** Takes away those that came with former versions and are used by nobody, but the newest of each name. */
    void trim() {
        takeAway(bundles.unusedLibraries(KEPT_UNUSED));
    }
}
