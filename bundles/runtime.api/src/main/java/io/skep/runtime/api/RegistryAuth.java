package io.skep.runtime.api;

import java.util.Objects;

/** Credentials for a registry; {@link #toString} keeps them secret. */
public record RegistryAuth(String username, String password, String registryToken) {
    public RegistryAuth {
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(registryToken, "registryToken");
    }

    @Override
    public String toString() {
        return "RegistryAuth[username=" + username + "]";
    }
}
