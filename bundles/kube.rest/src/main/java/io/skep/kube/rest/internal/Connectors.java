package io.skep.kube.rest.internal;

import jakarta.servlet.ServletRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Connector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests came in. Felix HTTP takes its servlets away first and closes the port later, and answers 404 in between;
 * here the port and the connections can be closed first. Thread-safe.
 */
final class Connectors {

    private static final Logger LOG = LoggerFactory.getLogger(Connectors.class);

    private final Set<Connector> open = ConcurrentHashMap.newKeySet();

    void seen(ServletRequest request) {
        Connector connector = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnector();
        if (open.add(connector)) {
            open.removeIf(earlier -> !earlier.isRunning());
        }
    }

    /** Closes ports and connections; what is being answered is cut off, which says nothing about any object. */
    void close() {
        for (Connector connector : open) {
            try {
                connector.stop();
            } catch (Exception e) {
                LOG.warn("listener did not close: connector={}", connector, e);
            }
        }
        open.clear();
    }
}
