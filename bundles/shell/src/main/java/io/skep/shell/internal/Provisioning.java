package io.skep.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Karaf's features service, which sleeps: it gets a start level above the one a process runs at, since it has nothing to do
 * once a role is installed and costs ten megabytes. It is woken when somebody asks for it, and sleeps again with the next
 * start of the process.
 */
@Component(service = Provisioning.class, immediate = true)
public final class Provisioning {

    /** Above the level of what lies in {@code deploy/}, at which the launcher leaves a process. */
    static final int LEVEL = 95;

    private static final String FEATURES = "org.apache.karaf.features.core";
    private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

    private final FrameworkStartLevel framework;
    private final List<BundleStartLevel> features;

    /** Made by DS. */
    @Activate
    public Provisioning(BundleContext context) {
        this(context.getBundle(0).adapt(FrameworkStartLevel.class), context.getBundles());
    }

    Provisioning(FrameworkStartLevel framework, Bundle... bundles) {
        this.framework = framework;
        features = Stream.of(bundles)
                .filter(bundle -> FEATURES.equals(bundle.getSymbolicName()))
                .map(bundle -> bundle.adapt(BundleStartLevel.class))
                .toList();
        features.forEach(Provisioning::raise);
    }

    // Karaf puts it back to the level it has in the distribution whenever it has installed something.
    private static void raise(BundleStartLevel features) {
        if (features.getStartLevel() < LEVEL) {
            features.setStartLevel(LEVEL);
        }
    }

    boolean asleep() {
        return features.stream().anyMatch(bundle -> bundle.getStartLevel() > framework.getStartLevel());
    }

    /** Raises the framework's start level to the service's own. The service comes a moment later, by itself. */
    void wake() {
        LOG.info("features service wakes: level={} from={}", LEVEL, framework.getStartLevel());
        framework.setStartLevel(LEVEL);
    }
}
