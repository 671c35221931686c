package io.skep.kube.rest.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.RootCertificate;
import io.skep.kube.rest.internal.api.ApiMetrics;
import io.skep.kube.rest.internal.api.ApiServlet;
import io.skep.kube.rest.internal.api.WatchStreams;
import io.skep.kube.rest.internal.auth.Authenticator;
import io.skep.kube.rest.internal.stream.PodDoor;
import io.skep.kube.rest.internal.tls.Certificates;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server: a servlet, and the listener it is served on. Immediate, because the listener that would ask for the
 * servlet is only made when this is activated. The servlet is no component's service: that would be taken away before
 * {@link #deactivate}, and a listener without it answers 404, which a controller reads as an object that is gone.
 *
 * <p>Has one thread, {@code edge-kube-rest}, for what has to be done now and then: noticing dead watches, renewing
 * certificates, trying again for a port that was taken. It ends with {@link #deactivate}.
 */
@Component(
        immediate = true,
        configurationPid = KubeRestConfig.PID,
        service = {MetricSource.class, HealthCheck.class, RootCertificate.class})
@Designate(ocd = KubeRestConfig.class)
public final class KubeApiServer implements Servlet, MetricSource, HealthCheck, RootCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(KubeApiServer.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration PORT_CHECK = Duration.ofSeconds(3);
    private static final Duration RENEWAL_CHECK = Duration.ofHours(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Certificates certificates;
    private final HttpsEndpoint endpoint;
    private final EndpointWatch watch;
    private final Connectors connectors = new Connectors();
    private final ServiceRegistration<Servlet> registration;
    private final WatchStreams watches = new WatchStreams();
    private final ApiMetrics metrics = new ApiMetrics(watches);
    private final ApiServlet servlet;
    private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "edge-kube-rest");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public KubeApiServer(
            @Reference ConfigurationAdmin configurations,
            @Reference ResourceStores stores,
            @Reference NodeStreams streams,
            BundleContext context,
            KubeRestConfig config) {
        this(
                configurations,
                stores,
                streams,
                context,
                KubeRestSettings.from(config, Objects.toString(context.getProperty("karaf.data"), "")),
                InstantSource.system());
    }

    KubeApiServer(
            ConfigurationAdmin configurations,
            ResourceStores stores,
            NodeStreams streams,
            BundleContext context,
            KubeRestSettings settings,
            InstantSource clock) {
        certificates = new Certificates(settings.folder(), settings.names(), settings.server(), clock);
        certificates.refresh();
        servlet = new ApiServlet(
                stores,
                new Authenticator(certificates::authorityCertificate, certificates.adminToken(), clock),
                watches,
                new PodDoor(streams),
                metrics,
                clock);
        endpoint = new HttpsEndpoint(configurations, settings, certificates);
        watch = new EndpointWatch(settings, endpoint::open, clock);
        registration = context.registerService(
                Servlet.class,
                this,
                FrameworkUtil.asDictionary(Map.of(
                        "osgi.http.whiteboard.servlet.name",
                        "kube-api",
                        "osgi.http.whiteboard.servlet.pattern",
                        "/*",
                        "osgi.http.whiteboard.servlet.asyncSupported",
                        true,
                        "osgi.http.whiteboard.target",
                        "(org.apache.felix.http.name=" + HttpsEndpoint.NAME + ")")));
        endpoint.open();
        every(HEARTBEAT, watches::heartbeat);
        every(PORT_CHECK, watch::check);
        every(RENEWAL_CHECK, this::renew);
        LOG.info("API server prepared: server={} kubeconfig={}", settings.server(), certificates.kubeconfigPath());
    }

    private void every(Duration pause, Runnable chore) {
        Runnable guarded = () -> {
            try {
                chore.run();
            } catch (RuntimeException e) {
                LOG.warn("API server's chore failed, will try again", e);
            }
        };
        chores.scheduleWithFixedDelay(guarded, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void renew() {
        if (certificates.refresh()) {
            LOG.info("API server's certificate renewed: file={}", certificates.keyStore());
            endpoint.open();
        }
    }

    @Deactivate
    void deactivate() {
        chores.shutdownNow();
        watches.closeAll();
        connectors.close();
        registration.unregister();
        endpoint.close();
        try {
            if (!chores.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("API server's chore did not end: limit={}", STOP_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void init(ServletConfig config) throws ServletException {
        servlet.init(config);
        watch.serving(true);
    }

    @Override
    public void service(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        connectors.seen(request);
        servlet.service(request, response);
    }

    @Override
    public void destroy() {
        watch.serving(false);
        servlet.destroy();
    }

    @Override
    public ServletConfig getServletConfig() {
        return servlet.getServletConfig();
    }

    @Override
    public String getServletInfo() {
        return "Kubernetes API";
    }

    @Override
    public List<Sample> samples() {
        return metrics.samples();
    }

    @Override
    public String pem() {
        return certificates.authorityPem();
    }

    @Override
    public String name() {
        return "api";
    }

    @Override
    public Health check() {
        return watch.health();
    }
}
