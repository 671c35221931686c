package io.skep.core.api.module;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The modules the host knows, for operators. Thread-safe. */
@ProviderType
public interface ModuleRegistry {

    /** Where a module is in its life. */
    enum State {
        /** Its service is there, {@code start} has not returned yet. */
        STARTING,
        /** It takes messages. */
        ACTIVE,
        /** It failed and waits for its next start. */
        BACK_OFF,
        /** Its service is gone; its mailbox waits for a successor. */
        ABSENT
    }

    /**
     * One module.
     *
     * @param name its name on the bus
     * @param group its group
     * @param state where it is in its life
     * @param since since when
     * @param bundle symbolic name and version of the bundle that provides it, or {@code ""} while absent
     * @param queued messages waiting, in memory and in the store
     * @param restarts starts after a failure since the process began
     * @param health what it says of itself
     */
    record ModuleStatus(
            String name,
            String group,
            State state,
            Instant since,
            String bundle,
            long queued,
            int restarts,
            Health health) {}

    /** All modules by name. */
    List<ModuleStatus> list();
}
