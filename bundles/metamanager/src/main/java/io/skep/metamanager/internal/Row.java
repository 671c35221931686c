package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.ResourcePath;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One remembered resource. On disk a JSON object whose last field {@code value} is the content's text exactly as it came;
 * the fields before say what it is, so that one row serves the node's modules (by wire key) and a Kubernetes view (by
 * apiVersion and kind). KubeEdge keeps two tables, {@code meta} and {@code meta_v2}, for the same.
 *
 * @param key the wire resource string, for example {@code default/pod/web-0}
 * @param head what the row holds
 * @param value the content, JSON text, byte for byte as it came
 */
record Row(String key, Head head, String value) {

    // Inside a JSON string every quote is escaped: the first occurrence can only be the field itself.
    private static final String VALUE = ",\"value\":";

    /**
     * What a row holds, without the content.
     *
     * @param type type segment of the wire resource, {@code ""} when it has none
     * @param source who sent it
     * @param object what the content says of itself
     */
    record Head(String type, String source, ObjectHead object) {}

    /**
     * The row a message makes, under {@code key}.
     *
     * @throws EdgeException {@code INVALID} when the content is no JSON
     */
    static Row of(String key, Message message) {
        String value = message.content().json();
        ObjectHead object = ObjectHead.of(value);
        String version = message.header().resourceVersion();
        if (!version.isEmpty()) {
            object = new ObjectHead(object.apiVersion(), object.kind(), object.uid(), version);
        }
        return new Row(key, new Head(type(key), message.route().source(), object), value);
    }

    /** The type segment of a wire resource: the second of two or three parts. */
    static String type(String key) {
        return ResourcePath.parse(key).map(ResourcePath::type).orElse("");
    }

    /** The text for the store. */
    String encode() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("type", head.type());
        fields.put("source", head.source());
        fields.put("apiVersion", head.object().apiVersion());
        fields.put("kind", head.object().kind());
        fields.put("uid", head.object().uid());
        fields.put("resourceVersion", head.object().resourceVersion());
        String start = Json.write(fields);
        return start.substring(0, start.length() - 1) + VALUE + value + "}";
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws EdgeException {@code INTERNAL_ERROR} when it is something else
     */
    static Row decode(String key, String body) {
        int end = body.indexOf(VALUE);
        if (end < 0 || !(Json.read(body.substring(0, end) + "}") instanceof Map<?, ?> fields)) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "no row of MetaManager: " + key);
        }
        ObjectHead object = new ObjectHead(
                text(fields, "apiVersion"), text(fields, "kind"), text(fields, "uid"), text(fields, "resourceVersion"));
        Head head = new Head(text(fields, "type"), text(fields, "source"), object);
        return new Row(key, head, body.substring(end + VALUE.length(), body.length() - 1));
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }
}
