package io.skep.monitor.internal;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardTarget;

/** {@code /healthz}: the process lives and answers; whether it does its job is {@code /readyz}. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("skep-healthz")
@HttpWhiteboardTarget("(org.apache.felix.http.name=skep)")
@HttpWhiteboardServletPattern("/healthz")
public final class HealthzServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Page.write(response, HttpServletResponse.SC_OK, "ok\n");
    }
}
