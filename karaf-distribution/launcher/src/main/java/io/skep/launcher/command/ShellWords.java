package io.skep.launcher.command;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Kubectl's words as a command of Karaf's shell: that takes options before other words only, knows nothing of our working
 * folder, and reads its words again from one line.
 */
public final class ShellWords {

    private static final Set<String> FILE = Set.of("-f", "--filename");
    private static final Set<String> VALUED = Set.of("-n", "--namespace", "-o", "--output", "--grace-period");

    private final List<String> options = new ArrayList<>();
    private final List<String> others = new ArrayList<>();

    private ShellWords() {}

    /** @param words verb first */
    public static List<String> of(List<String> words) {
        ShellWords result = new ShellWords();
        Queue<String> rest = new ArrayDeque<>();
        words.stream().skip(1).flatMap(ShellWords::split).forEach(rest::add);
        while (!rest.isEmpty()) {
            result.take(rest.remove(), rest);
        }
        return Stream.of(Stream.of("cloud:" + words.get(0)), result.options.stream(), result.others.stream())
                .flatMap(s -> s)
                .map(ShellWords::quoted)
                .toList();
    }

    /** {@code --output=wide} is two words to the shell. */
    private static Stream<String> split(String word) {
        return word.startsWith("--") ? Stream.of(word.split("=", 2)) : Stream.of(word);
    }

    private void take(String word, Queue<String> rest) {
        if (FILE.contains(word) && !rest.isEmpty()) {
            others.add(Path.of(rest.remove()).toAbsolutePath().normalize().toString());
        } else if (!word.startsWith("-")) {
            others.add(word);
        } else {
            options.add(word);
            if (VALUED.contains(word) && !rest.isEmpty()) {
                options.add(rest.remove());
            }
        }
    }

    private static String quoted(String word) {
        return word.matches("[-A-Za-z0-9_./:=@,+]+") ? word : '"' + word.replaceAll("[\\\\\"$]", "\\\\$0") + '"';
    }
}
