package io.skep.transport.internal;

import io.skep.transport.tls.ClientTls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One {@link Dialer} for each identity in use: a renewed certificate brings a new one, the last use ends the old. */
final class Dialers {

    private final JettyRuntime runtime;
    private final Map<ClientTls, Dialer> dialers = new HashMap<>();
    private boolean stopping;

    Dialers(JettyRuntime runtime) {
        this.runtime = runtime;
    }

    /** The dialer for {@code tls}, used once more; it calls {@link #drop} when that use has ended. */
    synchronized Dialer take(ClientTls tls) {
        Dialer dialer = dialers.computeIfAbsent(tls, t -> new Dialer(runtime, t, this::drop));
        dialer.use();
        return dialer;
    }

    /** What its last link says at its end is still to be sent then, and a next one may come. */
    private synchronized void drop(Dialer dialer) {
        if (dialer.unuse()) {
            runtime.after(WebSocketSession.GOODBYE, () -> retire(dialer));
        }
    }

    private void retire(Dialer dialer) {
        synchronized (this) {
            if (dialer.used() || stopping || !dialers.remove(dialer.tls(), dialer)) {
                return;
            }
        }
        // Stopping waits for threads, of which the caller's may be one.
        runtime.executor().execute(dialer::stop);
    }

    /** From now on the end of its last use does not end a dialer: {@link #stop} does. */
    synchronized void prepareToStop() {
        stopping = true;
    }

    void stop() {
        List<Dialer> all;
        synchronized (this) {
            all = new ArrayList<>(dialers.values());
            dialers.clear();
        }
        all.forEach(Dialer::stop);
    }
}
