package io.skep.edgehub.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkCounters;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The answer to {@code query link}, for the shell. */
final class LinkReport {

    private static final LinkCounters NONE = new LinkCounters(0, 0, 0, 0, 0, 0);

    private LinkReport() {}

    static String of(EdgeHubSettings settings, Optional<CloudLine> line, OutboxFigures figures) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("node", settings.node());
        report.put(
                "state", line.map(l -> l.state().phase().name()).orElse("IDLE").toLowerCase(Locale.ROOT));
        report.put("reason", line.map(l -> l.state().reason()).orElse(HubState.NOT_CONFIGURED));
        report.put("server", line.map(CloudLine::server).orElse(""));
        report.put("since", line.map(l -> l.state().since().toString()).orElse(""));
        report.put("lastError", line.map(l -> l.state().lastError()).orElse(""));
        report.put("reconnects", line.map(CloudLine::reconnects).orElse(0));
        LinkCounters counters =
                line.flatMap(CloudLine::link).map(Link::counters).orElse(NONE);
        report.put("sent", counters.sent());
        report.put("received", counters.received());
        report.put("outbox", figures.byClass());
        report.put(
                "certificateNotAfter",
                line.flatMap(CloudLine::notAfter).map(Object::toString).orElse(""));
        return Json.write(report);
    }
}
