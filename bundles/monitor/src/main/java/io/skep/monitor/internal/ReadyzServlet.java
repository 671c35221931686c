package io.skep.monitor.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardTarget;

/**
 * {@code /readyz}: 200 when every check is well, every bundle active, each contract used in one revision and every component
 * of ours satisfied; otherwise 503 with a line for each check that is not. {@code ?verbose} lists them all, as Kubernetes'
 * API server does.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("skep-readyz")
@HttpWhiteboardTarget("(org.apache.felix.http.name=skep)")
@HttpWhiteboardServletPattern("/readyz")
public final class ReadyzServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private record Outcome(String name, Health health) {
        String line() {
            String detail = health.message().isEmpty() ? health.reason() : health.reason() + ": " + health.message();
            return health.ok() ? "[+]" + name + " ok\n" : "[-]" + name + " failed: " + detail + "\n";
        }
    }

    private final transient List<HealthCheck> checks = new CopyOnWriteArrayList<>();

    /** Made by DS. */
    @Activate
    public ReadyzServlet(BundleContext context, @Reference ServiceComponentRuntime components) {
        this(List.of(
                new BundlesCheck(context::getBundles, startLevel(context.getBundle(0))),
                new WiringCheck(context::getBundles),
                new ComponentsCheck(components)));
    }

    ReadyzServlet(List<HealthCheck> own) {
        checks.addAll(own);
    }

    private static IntSupplier startLevel(Bundle system) {
        return system.adapt(FrameworkStartLevel.class)::getStartLevel;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindCheck(HealthCheck check) {
        checks.add(check);
    }

    void unbindCheck(HealthCheck check) {
        checks.remove(check);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<Outcome> outcomes = checks.stream()
                .map(ReadyzServlet::run)
                .sorted(Comparator.comparing(Outcome::name))
                .toList();
        boolean ready = outcomes.stream().allMatch(o -> o.health().ok());
        boolean verbose = request.getParameter("verbose") != null;
        StringBuilder text = new StringBuilder();
        outcomes.stream().filter(o -> verbose || !o.health().ok()).forEach(o -> text.append(o.line()));
        text.append(ready ? (verbose ? "readyz check passed\n" : "ok\n") : "readyz check failed\n");
        int status = ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE;
        Page.write(response, status, text.toString());
    }

    private static Outcome run(HealthCheck check) {
        String name = check.getClass().getName();
        try {
            name = check.name();
            return new Outcome(name, check.check());
        } catch (RuntimeException | LinkageError e) {
            return new Outcome(name, Health.unhealthy("CheckFailed", e.toString()));
        }
    }
}
