package io.skep.bus.internal.settings;

import java.time.Duration;

/** When changes that nothing is known of yet are looked at again. */
interface Looks extends AutoCloseable {

    /** Has a look taken after a pause, on a thread that all looks share; never once this is closed. */
    void after(Duration pause, Runnable look);

    @Override
    void close();
}
