package io.skep.kube.rest.internal.protobuf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object in Kubernetes' protobuf, as the tree its JSON would be. kubectl since 1.32 sends what it makes from flags
 * this way, and controllers on client-go, as KubeEdge's CloudCore, all they write. Only messages of {@code messages.txt}
 * are understood; a field that has no line there is left out, as an API server does that is older or newer than its
 * client.
 *
 * <p>Source: {@code apimachinery/pkg/runtime/serializer/protobuf}: four bytes of magic, then {@code runtime.Unknown}.
 *
 * @param unknown fields with content that were left out, by number and message; no more than {@value #MOST_UNKNOWN}
 */
public record ProtobufObject(Map<String, Object> tree, List<String> unknown) {

    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    static final int MOST_UNKNOWN = 16;

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    /**
     * Reads one object.
     *
     * @throws MalformedProtobufException when the bytes can't be read
     * @throws UnknownMessageException when the table lacks the message
     */
    public static ProtobufObject read(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedProtobufException("the body does not begin with Kubernetes' protobuf prefix");
        }
        Messages messages = Messages.table();
        MessageReader reader = new MessageReader(messages, MOST_UNKNOWN);
        Map<String, Object> envelope = reader.read("Unknown", Arrays.copyOfRange(body, MAGIC.length, body.length));
        Map<?, ?> type = envelope.get("typeMeta") instanceof Map<?, ?> map ? map : Map.of();
        String kind = String.valueOf(type.get("kind"));
        String apiVersion = String.valueOf(type.get("apiVersion"));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        if (envelope.get("raw") instanceof byte[] raw) {
            tree.putAll(reader.read(messages.named(apiVersion, kind), raw));
        }
        return new ProtobufObject(tree, reader.unknown());
    }
}
