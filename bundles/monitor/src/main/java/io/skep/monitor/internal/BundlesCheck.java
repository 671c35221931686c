package io.skep.monitor.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Whether every bundle is active; a fragment has done its part when it is resolved, and one whose start level is above the
 * framework's sleeps.
 */
final class BundlesCheck implements HealthCheck {

    private final Supplier<Bundle[]> bundles;
    private final IntSupplier startLevel;

    BundlesCheck(Supplier<Bundle[]> bundles, IntSupplier startLevel) {
        this.bundles = bundles;
        this.startLevel = startLevel;
    }

    @Override
    public String name() {
        return "bundles";
    }

    @Override
    public Health check() {
        List<String> bad = Arrays.stream(bundles.get())
                .filter(b -> !isUp(b) && !sleeps(b))
                .map(b -> b.getSymbolicName() + "/" + b.getVersion() + " is " + word(b.getState()))
                .sorted()
                .toList();
        return bad.isEmpty() ? Health.HEALTHY : Health.unhealthy("BundlesNotActive", String.join(", ", bad));
    }

    private static boolean isUp(Bundle bundle) {
        return switch (bundle.getState()) {
            case Bundle.ACTIVE -> true;
            case Bundle.RESOLVED -> bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            // A lazy bundle has started when it only waits for the first of its classes to be asked for.
            case Bundle.STARTING -> isLazy(bundle);
            default -> false;
        };
    }

    private boolean sleeps(Bundle bundle) {
        return bundle.adapt(BundleStartLevel.class).getStartLevel() > startLevel.getAsInt();
    }

    private static boolean isLazy(Bundle bundle) {
        String policy = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATIONPOLICY);
        return policy != null && policy.trim().startsWith(Constants.ACTIVATION_LAZY);
    }

    private static String word(int state) {
        return switch (state) {
            case Bundle.INSTALLED -> "not resolved";
            case Bundle.RESOLVED -> "not started";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            default -> "in state " + state;
        };
    }
}
