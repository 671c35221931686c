package io.skep.core.api.observe;

import io.skep.core.api.module.Health;
import org.osgi.annotation.versioning.ConsumerType;

/** One condition of {@code /readyz}, for example that the store can write; any thread, without blocking. */
@ConsumerType
public interface HealthCheck {

    /** Short name, for example {@code store}. */
    String name();

    /** How it is now. */
    Health check();
}
