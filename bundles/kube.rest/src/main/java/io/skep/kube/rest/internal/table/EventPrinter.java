package io.skep.kube.rest.internal.table;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Events. */
final class EventPrinter implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                Column.of("Last Seen"),
                Column.of("Type"),
                Column.of("Reason"),
                Column.of("Object"),
                Column.wide("Subobject"),
                Column.wide("Source"),
                Column.of("Message"),
                Column.wide("First Seen"),
                Column.wide("Count"),
                new Column("Name", "string", "name", 1));
    }

    @Override
    public List<Object> cells(KubeObject event, Instant now) {
        Doc doc = event.doc();
        Optional<Instant> first = either(doc, "firstTimestamp", "eventTime");
        Optional<Instant> last = Times.parse(doc.text("lastTimestamp")).or(() -> first);
        long count = Math.max(doc.number(1, "count"), 1);
        if (doc.has("series")) {
            last = Times.parse(doc.text("series", "lastObservedTime"));
            count = doc.number(count, "series", "count");
        }
        return List.of(
                Ages.since(last, now),
                doc.text("type"),
                doc.text("reason"),
                object(doc.object("involvedObject")),
                doc.text("involvedObject", "fieldPath"),
                source(doc),
                doc.text("message").strip(),
                Ages.since(first, now),
                count,
                event.name());
    }

    private static Optional<Instant> either(Doc doc, String field, String other) {
        return Times.parse(doc.text(field)).or(() -> Times.parse(doc.text(other)));
    }

    private static String object(Doc reference) {
        String kind = reference.text("kind").toLowerCase(Locale.ROOT);
        String name = reference.text("name");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(Doc doc) {
        String component = doc.text("source", "component");
        String host = doc.text("source", "host");
        String who = component.isEmpty() ? doc.text("reportingComponent") : component;
        String where = host.isEmpty() ? doc.text("reportingInstance") : host;
        return where.isEmpty() ? who : who + ", " + where;
    }
}
