package io.skep.monitor.internal;

import io.skep.core.api.observe.MetricSource;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardTarget;

/** {@code /metrics}: the figures of all bundles and of the process as Prometheus text. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("skep-metrics")
@HttpWhiteboardTarget("(org.apache.felix.http.name=skep)")
@HttpWhiteboardServletPattern("/metrics")
public final class MetricsServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient MetricPage page = new MetricPage();
    private final transient List<MetricSource> sources = new CopyOnWriteArrayList<>();

    /** Made by DS. */
    @Activate
    public MetricsServlet() {
        sources.add(new ProcessMetrics());
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSource(MetricSource source) {
        sources.add(source);
    }

    void unbindSource(MetricSource source) {
        sources.remove(source);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Page.write(response, HttpServletResponse.SC_OK, MetricPage.CONTENT_TYPE, page.render(sources));
    }
}
