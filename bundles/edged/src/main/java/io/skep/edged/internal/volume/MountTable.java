package io.skep.edged.internal.volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is mounted where, as this process sees it; what was mounted last comes last. Places are text: those of others need
 * not be names this process could write.
 *
 * <p>Source: proc(5), {@code /proc/[pid]/mountinfo}.
 */
record MountTable(List<Entry> entries) {

    private static final Path FILE = Path.of("/proc/self/mountinfo");
    private static final int PLACE = 4;
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

    /**
     * One mount.
     *
     * @param place the folder or file it lies over
     * @param type of its file system
     */
    record Entry(String place, String type) {}

    MountTable {
        entries = List.copyOf(entries);
    }

    /** As it is now; empty where there is no {@code /proc}. */
    static MountTable read() throws IOException {
        try {
            return parse(new String(Files.readAllBytes(FILE), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return new MountTable(List.of());
        }
    }

    static MountTable parse(String mountinfo) {
        return new MountTable(mountinfo.lines().map(MountTable::entry).toList());
    }

    /** A variable number of optional fields ends with a dash. */
    private static Entry entry(String line) {
        String place = line.split(" ", PLACE + 2)[PLACE];
        String rest = line.substring(line.indexOf(" - ") + 3);
        return new Entry(
                ESCAPE.matcher(place).replaceAll(octal -> Matcher.quoteReplacement(unescaped(octal.group(1)))),
                rest.substring(0, rest.indexOf(' ')));
    }

    private static String unescaped(String octal) {
        return Character.toString(Integer.parseInt(octal, 8));
    }

    /** How many file systems in memory are mounted on the folder. */
    long tmpfs(Path folder) throws IOException {
        String place = real(folder);
        return entries.stream()
                .filter(e -> e.place().equals(place) && e.type().equals("tmpfs"))
                .count();
    }

    /** What is mounted on a file or folder and below it. */
    List<Entry> within(Path path) throws IOException {
        String place = real(path);
        return entries.stream()
                .filter(e -> e.place().equals(place) || e.place().startsWith(place + "/"))
                .toList();
    }

    /** As the kernel names it: no link on the way, but itself, if it is one. */
    private static String real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        return absolute.getParent().toRealPath().resolve(absolute.getFileName()).toString();
    }
}
