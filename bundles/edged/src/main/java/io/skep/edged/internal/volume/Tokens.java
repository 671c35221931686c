package io.skep.edged.internal.volume;

import io.skep.core.api.message.Content;
import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Service account tokens bound to pods, asked of MetaManager, which keeps them for restarts without the cloud. A token is
 * asked for again when four fifths of its life have passed. Belongs to the module's thread.
 */
public final class Tokens {

    private static final double REFRESH = 0.8;

    private record Key(String uid, TokenSpec spec) {}

    private record Held(String token, Instant refreshAt) {}

    private final ModuleContext context;
    private final Meta meta;
    private final Map<Key, Held> held = new HashMap<>();

    public Tokens(ModuleContext context, Meta meta) {
        this.context = context;
        this.meta = meta;
    }

    /** Calls {@code then} with the tokens that could be had; at once when none is needed. */
    public void whenKnown(Pod pod, List<TokenSpec> specs, Consumer<Map<TokenSpec, String>> then) {
        Instant now = context.clock().instant();
        List<TokenSpec> missing = specs.stream()
                .filter(spec -> !fresh(new Key(pod.uid(), spec), now))
                .toList();
        if (missing.isEmpty()) {
            then.accept(known(pod, specs));
            return;
        }
        int[] open = {missing.size()};
        Runnable answered = () -> {
            if (--open[0] == 0) {
                then.accept(known(pod, specs));
            }
        };
        missing.forEach(spec -> ask(pod, spec, answered));
    }

    private boolean fresh(Key key, Instant now) {
        Held token = held.get(key);
        return token != null && now.isBefore(token.refreshAt());
    }

    private Map<TokenSpec, String> known(Pod pod, List<TokenSpec> specs) {
        Map<TokenSpec, String> known = new LinkedHashMap<>();
        specs.forEach(spec -> {
            Held token = held.get(new Key(pod.uid(), spec));
            if (token != null) {
                known.put(spec, token.token());
            }
        });
        return known;
    }

    private void ask(Pod pod, TokenSpec spec, Runnable answered) {
        String resource = pod.namespace() + "/serviceaccounttoken/" + pod.serviceAccountName();
        meta.query(
                resource,
                new Content.Json(Json.write(request(pod, spec))),
                answer -> {
                    answer.doc().ifPresent(doc -> keep(new Key(pod.uid(), spec), spec, doc.object("status")));
                    answered.run();
                },
                failure -> answered.run());
    }

    private void keep(Key key, TokenSpec spec, Doc status) {
        if (status.text("token").isEmpty()) {
            return;
        }
        Instant now = context.clock().instant();
        Instant expires =
                Times.parse(status.text("expirationTimestamp")).orElse(now.plusSeconds(spec.expirationSeconds()));
        long left = Math.max(60, Duration.between(now, expires).toSeconds());
        held.put(key, new Held(status.text("token"), now.plusSeconds((long) (left * REFRESH))));
    }

    private static Doc request(Pod pod, TokenSpec spec) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("audiences", spec.audience().isEmpty() ? null : List.of(spec.audience()));
        body.put("expirationSeconds", spec.expirationSeconds());
        body.put("boundObjectRef", Map.of("kind", "Pod", "apiVersion", "v1", "name", pod.name(), "uid", pod.uid()));
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("token", "");
        status.put("expirationTimestamp", null);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("creationTimestamp", null);
        return Doc.of(Map.of("metadata", metadata, "spec", body, "status", status));
    }

    /** When the first of a pod's tokens wants to be asked for again; {@code Instant.MAX} when it has none. */
    public Instant refreshAt(String uid) {
        return held.entrySet().stream()
                .filter(e -> e.getKey().uid().equals(uid))
                .map(e -> e.getValue().refreshAt())
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /** Forgets the tokens of a pod that is gone. */
    public void forget(String uid) {
        held.keySet().removeIf(key -> key.uid().equals(uid));
    }
}
