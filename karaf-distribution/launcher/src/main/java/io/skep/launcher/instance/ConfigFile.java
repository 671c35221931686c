package io.skep.launcher.instance;

import io.skep.launcher.host.Durable;
import io.skep.launcher.host.LauncherException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A {@code .cfg} file of Karaf's {@code etc}. Keys are set in place, so that the comments of the template stay.
 *
 * @param path where it is; it need not exist
 */
record ConfigFile(Path path) {

    Optional<String> get(String key) {
        return Optional.ofNullable(all().get(key));
    }

    /** All keys that are set. */
    Map<String, String> all() {
        return Files.exists(path) ? parse(text()) : Map.of();
    }

    /** Sets keys, all of them at once: whoever follows the file sees one change. Other keys stay. */
    void set(Map<String, String> values) {
        try {
            Path next = path.resolveSibling(path.getFileName() + ".new");
            Files.writeString(next, with(Files.exists(path) ? text() : "", values));
            Durable.move(next, path);
        } catch (IOException e) {
            throw new LauncherException("cannot write " + path + ": " + e, e);
        }
    }

    private String text() {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new LauncherException("cannot read " + path + ": " + e, e);
        }
    }

    static Map<String, String> parse(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> all = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> all.put(key, properties.getProperty(key)));
        return all;
    }

    /** The text with these keys set: where each stood, else below its commented-out default, else at the end. */
    static String with(String text, Map<String, String> values) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        new LinkedHashMap<>(values).forEach((key, value) -> {
            int place = remove(lines, key);
            if (place < 0) {
                place = belowDefault(lines, key);
            }
            lines.add(place, key + " = " + value.replace("\\", "\\\\"));
        });
        return String.join("\n", lines) + "\n";
    }

    /** Removes the key with its continuation lines, and says where it stood first; -1 if nowhere. */
    private static int remove(List<String> lines, String key) {
        int place = -1;
        int at = 0;
        while (at < lines.size()) {
            int end = endOfEntry(lines, at);
            if (parse(String.join("\n", lines.subList(at, end))).containsKey(key)) {
                place = place < 0 ? at : place;
                lines.subList(at, end).clear();
            } else {
                at = end;
            }
        }
        return place;
    }

    /** An entry goes on in the next line when its line ends in an odd number of backslashes. */
    private static int endOfEntry(List<String> lines, int start) {
        int end = start;
        boolean comment = lines.get(start).strip().startsWith("#");
        while (!comment && end < lines.size() - 1 && trailingBackslashes(lines.get(end)) % 2 == 1) {
            end++;
        }
        return end + 1;
    }

    private static int trailingBackslashes(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count;
    }

    private static int belowDefault(List<String> lines, String key) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("#" + key + " =")) {
                return i + 1;
            }
        }
        return lines.size();
    }
}
