package io.skep.bus.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.util.regex.Pattern;

/** What may be a module's or a group's name: one token of an Event Admin topic (OSGi Compendium, 113.3.1). */
final class Names {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Names() {}

    static boolean isValid(String name) {
        return TOKEN.matcher(name).matches();
    }

    static String checked(String what, String name) {
        if (!isValid(name)) {
            throw new EdgeException(Reason.INVALID, what + " must be 1 to 64 of A-Z a-z 0-9 _ -, is \"" + name + "\"");
        }
        return name;
    }
}
