package io.skep.launcher.instance;

import io.skep.launcher.host.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One key of {@code etc/<pid>.cfg} and its value, as {@code --set} takes it.
 *
 * @param pid the configuration
 * @param key in it
 * @param value one line, may be empty
 */
public record Setting(String pid, String key, String value) {

    private static final Pattern SHAPE = Pattern.compile("([\\w.~-]+):([\\w.-]+)=(.*)");

    /** From {@code pid:key=value}. */
    public static Setting parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new UsageException("'" + text + "' is no setting: write pid:key=value, in one line");
        }
        return new Setting(matcher.group(1), matcher.group(2), matcher.group(3));
    }
}
