package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles that come with a module. They are installed beside what is there, so that nothing is stopped or wired anew for
 * them; one of the same name and version is there already. What an operation uses stays as long as it runs; what came with
 * one goes again when no operation that used it has succeeded. Until then the store says that it is on trial: collection
 * {@code libraries}, key = name and version, written before the framework is asked.
 *
 * <p>Thread-safe; operations use it side by side. Blocks until disk and framework have done it; no library is started under
 * the lock.
 */
final class Libraries {

    // A roll-back needs those of the version before.
    private static final int KEPT_UNUSED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Libraries.class);
    private static final String ON_TRIAL = "libraries";

    private final Bundles bundles;
    private final DocumentStore store;
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, Bundle> onTrial = new HashMap<>();

    Libraries(Bundles bundles, DocumentStore store) {
        this.bundles = bundles;
        this.store = store;
    }

    /**
     * Installs and starts what is not there yet. The caller owes {@link #accept} or {@link #dismiss}, also after a failure.
     *
     * @throws EdgeException when one of them is no good
     */
    void put(Progress progress, List<BundleJar> libraries) {
        List<Bundle> installed = new ArrayList<>();
        List<String> present = new ArrayList<>();
        try {
            for (BundleJar jar : libraries) {
                if (use(jar, progress.id())) {
                    installed.add(trial(jar));
                } else {
                    present.add(jar.label());
                }
            }
            for (Bundle bundle : installed) {
                bundle.start();
                FrameworkFiles.sync(bundle);
            }
        } catch (BundleException | IOException e) {
            String why = e instanceof BundleException b ? Swapper.sentence(b) : e.getMessage();
            throw new EdgeException(Reason.INVALID, "a library of the archive does not start: " + why, e);
        }
        progress.step(
                "libraries",
                "installed " + installed.stream().map(Bundles::label).toList() + ", present " + present);
    }

    /** Notes that {@code operation} uses a library, and installs it; {@code false} when it was there. */
    private synchronized boolean use(BundleJar jar, String operation) throws BundleException, IOException {
        boolean absent = bundles.exact(jar.name(), jar.version()).isEmpty();
        if (absent) {
            onTrial.put(jar.label(), install(jar));
        }
        users.computeIfAbsent(jar.label(), label -> new HashSet<>()).add(operation);
        return absent;
    }

    private Bundle install(BundleJar jar) throws BundleException, IOException {
        store.put(ON_TRIAL, jar.label(), DocumentStore.ANY, "{}");
        try {
            return bundles.installLibrary(jar);
        } catch (BundleException | IOException e) {
            forget(jar.label());
            throw e;
        }
    }

    private synchronized Bundle trial(BundleJar jar) {
        return onTrial.get(jar.label());
    }

    /** What has to be in the store for good together with the success of {@code operation}. */
    synchronized List<Change> acceptance(String operation) {
        return onTrial.keySet().stream()
                .filter(label -> users.getOrDefault(label, Set.of()).contains(operation))
                .map(label -> Change.delete(ON_TRIAL, label, DocumentStore.ANY))
                .toList();
    }

    /** What {@code operation} has used stays, for its module was taken; what nobody needs any more goes. */
    synchronized void accept(String operation) {
        onTrial.keySet().removeIf(label -> users.getOrDefault(label, Set.of()).contains(operation));
        leave(operation);
        bundles.unusedLibraries(KEPT_UNUSED).stream()
                .filter(bundle -> !users.containsKey(Bundles.label(bundle)))
                .forEach(Libraries::takeAway);
    }

    /** What came with {@code operation} goes again, unless another one under way uses it. */
    synchronized void dismiss(String operation) {
        leave(operation);
        onTrial.entrySet().removeIf(trial -> {
            boolean unwanted = !users.containsKey(trial.getKey());
            if (unwanted) {
                takeAway(trial.getValue());
                forget(trial.getKey());
            }
            return unwanted;
        });
    }

    private void leave(String operation) {
        users.values().forEach(operations -> operations.remove(operation));
        users.values().removeIf(Set::isEmpty);
    }

    private static void takeAway(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (BundleException | IllegalStateException e) {
            LOG.warn("library left behind: bundle={} reason={}", Bundles.label(bundle), e.getMessage());
        }
    }

    // Still in the store it is looked for at the next start, and not found.
    private void forget(String label) {
        try {
            store.delete(ON_TRIAL, label, DocumentStore.ANY);
        } catch (EdgeException e) {
            LOG.warn("library is not there but on record: bundle={} reason={}", label, e.getMessage());
        }
    }

    /** Takes away what a former process or bus had on trial at its end. */
    synchronized void recover() {
        for (Document document : store.list(ON_TRIAL, "")) {
            bundles.library(document.key()).ifPresent(bundle -> {
                takeAway(bundle);
                LOG.warn("library of an interrupted operation taken away: bundle={}", document.key());
            });
            forget(document.key());
        }
    }
}
