package io.skep.bus.internal.mod;

import io.skep.bus.internal.seen.Seen;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Activator and module of test bundles; the manifest's {@code Test-Does} says what is wrong with it. */
public final class ModuleBundle implements BundleActivator, EdgeModule {

    private String does;
    private String version;
    private int received;

    @Override
    public void start(BundleContext context) {
        does = context.getBundle().getHeaders().get("Test-Does");
        version = context.getBundle().getVersion().toString();
        if ("fail in activator".equals(does)) {
            throw new IllegalStateException("no luck");
        }
        if (!"register nothing".equals(does)) {
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(EdgeModule.NAME, context.getBundle().getHeaders().get("Test-Module"));
            context.registerService(EdgeModule.class, this, properties);
        }
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public void start(ModuleContext context, Handover handover) {
        Seen.STARTS.add(version + " " + handover.state());
        received = handover.isEmpty() ? 0 : Integer.parseInt(handover.state());
        if ("throw in start".equals(does)) {
            throw new IllegalStateException("bad start");
        }
        if ("hang in start".equals(does)) {
            hang();
        }
        if ("hang after start".equals(does)) {
            context.execute(ModuleBundle::hang);
        }
    }

    private static void hang() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void receive(Message message) {
        received++;
        Seen.MESSAGES.add(message.route().resource());
    }

    @Override
    public Handover stop() {
        return new Handover(1, Integer.toString(received));
    }

    @Override
    public Health health() {
        return "be unhealthy".equals(does) ? Health.unhealthy("Sick", "it hurts") : Health.HEALTHY;
    }
}
