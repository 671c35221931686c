package io.skep.launcher.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing the doctor looked at.
 *
 * @param what was looked at
 * @param level how bad it is
 * @param found what is there
 * @param fix what to do; empty only when there is nothing to do
 */
public record Finding(String what, Level level, String found, String fix) {

    /** How bad it is: a warning costs a capability, an error keeps a role from working. */
    public enum Level {
        OK,
        WARNING,
        ERROR
    }

    public Finding {
        if (fix.isEmpty() != (level == Level.OK)) {
            throw new IllegalArgumentException("a fix belongs to a warning or an error, and only there: " + what);
        }
    }

    public static Finding ok(String what, String found) {
        return new Finding(what, Level.OK, found, "");
    }

    static Finding warning(String what, String found, String fix) {
        return new Finding(what, Level.WARNING, found, fix);
    }

    static Finding error(String what, String found, String fix) {
        return new Finding(what, Level.ERROR, found, fix);
    }

    /** As {@code --json} prints it. */
    Map<String, String> json() {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("what", what);
        json.put("level", word());
        json.put("found", found);
        json.put("fix", fix);
        return json;
    }

    public String line() {
        return String.format("%-7s %-16s %s%s", word(), what, found, fix.isEmpty() ? "" : "  fix: " + fix);
    }

    private String word() {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
