package io.skep.kube.rest.internal.auth;

import java.util.List;

/**
 * Who asks.
 *
 * @param name for example {@code kubernetes-admin}
 * @param groups for example {@code system:masters}
 */
public record User(String name, List<String> groups) {

    public static final String MASTERS = "system:masters";
    private static final String AUTHENTICATED = "system:authenticated";

    /** Somebody who showed neither token nor certificate. */
    public static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

    public User {
        groups = List.copyOf(groups);
    }

    /** May do everything. */
    public boolean isMaster() {
        return groups.contains(MASTERS);
    }

    /** The same, with the group of everybody who got in. */
    User authenticated() {
        List<String> all = new java.util.ArrayList<>(groups);
        all.add(AUTHENTICATED);
        return new User(name, all);
    }
}
