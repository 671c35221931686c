package io.skep.core.api.application;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One request of a node's. On the wire it is a JSON object with the field names below, capitalised as Go's encoder writes
 * them; what is bytes there is Base64. The answer is the same object with a few fields filled in, see {@link ApplicationAnswer}.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/metaserver/application.go}, {@code pkg/metaserver/key.go}.
 *
 * @param key {@code /<group>/<version>/<plural>/<namespace>/<name>}; the core group is {@code core}, no namespace or name
 *     {@code null}
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code updatestatus}, {@code patch}
 *     or {@code delete}
 * @param option the verb's options, JSON as in {@code meta/v1}; a PatchInfo for a patch
 * @param body JSON of the object, for create and update
 * @param subresource for example {@code status}, or {@code ""}
 */
public record Application(String key, String verb, String option, Optional<String> body, String subresource) {

    public static final String ID = "ID";
    public static final String KEY = "Key";
    public static final String VERB = "Verb";
    public static final String NODE = "Nodename";
    public static final String OPTION = "Option";
    public static final String REQUEST_BODY = "ReqBody";
    public static final String SUBRESOURCE = "Subresource";
    public static final String RESPONSE_BODY = "RespBody";
    public static final String STATUS = "Status";
    public static final String REASON = "Reason";
    public static final String ERROR = "Error";

    /** Field of {@link #ERROR} that holds a Status of the Kubernetes API. */
    public static final String ERR_STATUS = "ErrStatus";

    /** Resource of the message that names all watches a node has, as an object of applications by {@link #id}. */
    public static final String WATCHES = "watchapp/sync";

    private static final String NONE = "null";
    private static final String ZERO_TIME = "0001-01-01T00:00:00Z";

    public Application {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(verb, "verb");
        Objects.requireNonNull(option, "option");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(subresource, "subresource");
    }

    /** A read of one object. */
    public static Application get(String key) {
        return new Application(key, "get", "{}", Optional.empty(), "");
    }

    /** Whether it changes nothing. */
    public boolean isRead() {
        return verb.equals("get") || verb.equals("list") || verb.equals("watch");
    }

    /** The way of one application to the cloud, whoever on the node asks: CloudHub lets a MetaServer do so, and nobody else. */
    public static Route route() {
        return Route.of(ModuleNames.META_SERVER, ModuleNames.DYNAMIC_CONTROLLER, NONE, NONE);
    }

    /** The way of {@link #WATCHES} to the cloud. */
    public static Route watchesRoute() {
        return Route.of(ModuleNames.META_SERVER, ModuleNames.DYNAMIC_CONTROLLER, NONE, WATCHES);
    }

    /** Names the same request of the same node, at any time: hexadecimal SHA-256 of all it says. */
    public String id(String node) {
        String all = node + key + verb + option + body.orElse("") + subresource;
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "no SHA-256", e);
        }
    }

    /** The JSON object as {@code node} sends it. */
    public Map<String, Object> fields(String node) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ID, id(node));
        fields.put(KEY, key);
        fields.put(VERB, verb);
        fields.put(NODE, node);
        fields.put(OPTION, base64(option));
        fields.put(REQUEST_BODY, body.map(Application::base64).orElse(null));
        fields.put(SUBRESOURCE, subresource);
        fields.put(RESPONSE_BODY, null);
        fields.put(STATUS, "InApplying");
        fields.put(REASON, "");
        fields.put(ERROR, Map.of(ERR_STATUS, Map.of("metadata", Map.of())));
        fields.put("Timestamp", ZERO_TIME);
        return fields;
    }

    /** Text as Go's encoder writes bytes. */
    public static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
