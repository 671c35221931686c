package io.skep.edged.internal.volume;

import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.edged.internal.volume.AtomicFolder.Entry;
import io.skep.kube.api.Doc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of configMap, secret, downwardAPI and projected volumes; values in, values out.
 *
 * <p>Source: Kubernetes {@code pkg/volume/{configmap,secret,downwardapi,projected}}; their error texts are kept.
 */
final class Projection {

    private static final int DEFAULT_MODE = 0644;
    private static final int PRIVATE = 0600;

    private final PodFields fields;
    private final Map<Ref, Doc> objects;
    private final Map<TokenSpec, String> tokens;
    private final Map<String, Entry> files = new LinkedHashMap<>();

    private Projection(PodFields fields, Map<Ref, Doc> objects, Map<TokenSpec, String> tokens) {
        this.fields = fields;
        this.objects = objects;
        this.tokens = tokens;
    }

    /** Whether the volume is made of files we write. */
    static boolean covers(Doc volume) {
        return volume.has("configMap") || volume.has("secret") || volume.has("downwardAPI") || volume.has("projected");
    }

    static Map<String, Entry> files(Doc volume, PodFields fields, Map<Ref, Doc> objects, Map<TokenSpec, String> tokens)
            throws ConfigException {
        Projection projection = new Projection(fields, objects, tokens);
        if (volume.has("configMap")) {
            Doc source = volume.object("configMap");
            projection.object(configMap(fields.pod(), source), source, mode(source));
        } else if (volume.has("secret")) {
            Doc source = volume.object("secret");
            projection.object(secret(fields.pod(), source), source, mode(source));
        } else if (volume.has("downwardAPI")) {
            Doc source = volume.object("downwardAPI");
            projection.downward(source, mode(source));
        } else {
            projection.projected(volume.object("projected"));
        }
        FileOwner owner = FileOwner.of(fields.pod());
        projection.files.replaceAll((path, entry) -> entry.readableBy(owner));
        return projection.files;
    }

    /** What a volume refers to. */
    static List<Ref> references(Pod pod, Doc volume) {
        List<Ref> refs = new ArrayList<>();
        if (volume.has("configMap")) {
            refs.add(configMap(pod, volume.object("configMap")));
        }
        if (volume.has("secret")) {
            refs.add(secret(pod, volume.object("secret")));
        }
        for (Doc source : volume.objects("projected", "sources")) {
            if (source.has("configMap")) {
                refs.add(configMap(pod, source.object("configMap")));
            }
            if (source.has("secret")) {
                refs.add(secret(pod, source.object("secret")));
            }
        }
        return refs;
    }

    /** The tokens a volume asks for. */
    static List<TokenSpec> tokens(Doc volume) {
        return volume.objects("projected", "sources").stream()
                .filter(source -> source.has("serviceAccountToken"))
                .map(source -> TokenSpec.of(source.object("serviceAccountToken")))
                .toList();
    }

    private static Ref configMap(Pod pod, Doc source) {
        return Ref.configMap(pod.namespace(), source.text("name"));
    }

    private static Ref secret(Pod pod, Doc source) {
        String name = source.text("secretName");
        return Ref.secret(pod.namespace(), name.isEmpty() ? source.text("name") : name);
    }

    private void projected(Doc source) throws ConfigException {
        int mode = mode(source);
        for (Doc part : source.objects("sources")) {
            if (part.has("configMap")) {
                object(configMap(fields.pod(), part.object("configMap")), part.object("configMap"), mode);
            } else if (part.has("secret")) {
                object(secret(fields.pod(), part.object("secret")), part.object("secret"), mode);
            } else if (part.has("downwardAPI")) {
                downward(part.object("downwardAPI"), mode);
            } else if (part.has("serviceAccountToken")) {
                token(part.object("serviceAccountToken"), mode);
            } else {
                throw new ConfigException(
                        "projected source " + part.asMap().keySet() + " is not supported on this node");
            }
        }
    }

    /** For everybody in a pod that names no user, since its image may; else for that user, and the group, alone. */
    private void token(Doc source, int mode) throws ConfigException {
        TokenSpec spec = TokenSpec.of(source);
        String token = tokens.get(spec);
        if (token == null) {
            throw new ConfigException("failed to fetch token for service account "
                    + fields.pod().serviceAccountName() + ": the cloud did not give one");
        }
        FileOwner owner = FileOwner.of(fields.pod());
        files.put(
                source.text("path"),
                new Entry(token.getBytes(StandardCharsets.UTF_8), owner.isOurs() ? mode : PRIVATE, owner));
    }

    private void object(Ref ref, Doc source, int mode) throws ConfigException {
        boolean optional = source.flag(false, "optional");
        Doc object = objects.get(ref);
        if (object == null) {
            if (optional) {
                return;
            }
            throw new ConfigException(ref.notFound());
        }
        Map<String, byte[]> data = data(ref, object);
        List<Doc> items = source.objects("items");
        if (items.isEmpty()) {
            data.forEach((key, value) -> files.put(key, new Entry(value, mode)));
        }
        for (Doc item : items) {
            byte[] value = data.get(item.text("key"));
            if (value != null) {
                files.put(item.text("path"), new Entry(value, (int) item.number(mode, "mode")));
            } else if (!optional) {
                throw new ConfigException("references non-existent " + ref.type() + " key: " + item.text("key"));
            }
        }
    }

    private static Map<String, byte[]> data(Ref ref, Doc object) throws ConfigException {
        Map<String, byte[]> data = new LinkedHashMap<>();
        boolean secret = ref.type().equals("secret");
        for (Map.Entry<String, String> entry : object.textMap("data").entrySet()) {
            data.put(
                    entry.getKey(),
                    secret ? decode(ref, entry) : entry.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, String> entry : object.textMap("binaryData").entrySet()) {
            data.put(entry.getKey(), decode(ref, entry));
        }
        return data;
    }

    private static byte[] decode(Ref ref, Map.Entry<String, String> entry) throws ConfigException {
        try {
            return Base64.getDecoder().decode(entry.getValue());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "key " + entry.getKey() + " of " + ref.type() + " \"" + ref.name() + "\" is not base64", e);
        }
    }

    private void downward(Doc source, int mode) throws ConfigException {
        for (Doc item : source.objects("items")) {
            String value = item.has("resourceFieldRef")
                    ? fields.resource(item.object("resourceFieldRef"), Optional.empty())
                    : fields.field(item.text("fieldRef", "fieldPath"));
            files.put(item.text("path"), new Entry(value.getBytes(StandardCharsets.UTF_8), (int)
                    item.number(mode, "mode")));
        }
    }

    private static int mode(Doc source) {
        return (int) source.number(DEFAULT_MODE, "defaultMode");
    }
}
