package io.skep.bus.internal.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A configuration somebody has changed, and the way back. */
public interface SettingChange {

    /** What was changed, for an operator: configuration, keys, former and new values. */
    String what();

    /**
     * Waits until the component serves with the values, or has failed with them. Blocks, for little more than {@code limit}
     * at most.
     *
     * @param abort asked again and again; ends the wait early
     * @return why it does not serve; empty when it does
     */
    Optional<String> await(Duration limit, BooleanSupplier abort) throws InterruptedException;

    /** Why the component could not start with the values it was given last; empty when it could, or has not tried yet. */
    Optional<String> failure();

    /** The values proved good: they are what to go back to from now on. */
    void accept();

    /**
     * Puts the former values back, unless somebody has changed them again.
     *
     * @return whether it did
     */
    boolean restore() throws IOException;
}
