package io.skep.launcher.instance;

import io.skep.launcher.host.UsageException;
import java.util.Locale;

/** What an instance of the distribution does. */
public enum Role {
    EDGE(96),
    CLOUD(192),
    SITE(256);

    private final int heapMegabytes;

    Role(int heapMegabytes) {
        this.heapMegabytes = heapMegabytes;
    }

    /** The role of this name. */
    public static Role of(String text) {
        for (Role role : values()) {
            if (role.id().equals(text)) {
                return role;
            }
        }
        throw new UsageException("'" + text + "' is no role: it is edge, cloud or site");
    }

    /** Largest heap, in MiB; measured, see the memory bench. */
    int heapMegabytes() {
        return heapMegabytes;
    }

    /** The name of its folder below {@code roles/} and of its default instance. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
