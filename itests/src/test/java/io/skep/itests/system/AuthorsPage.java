package io.skep.itests.system;

import io.skep.itests.system.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page for authors of modules in {@code bundles/README.md}: its source, and its commands done as they stand there. */
public final class AuthorsPage {

    private static final Path PAGE = Path.of("..", "bundles", "README.md");
    private static final String HEADING = "## A module in ten minutes";
    private static final String FAILS = "fails: ";
    private static final Duration LIMIT = Duration.ofSeconds(180);
    // What only looks may look again: the framework takes a file in deploy/ in its own time.
    private static final Pattern LOOKS = Pattern.compile("edge:(modules|operations)\\b");

    private AuthorsPage() {}

    /** The source as the page quotes it. */
    public static String source() {
        return blocks("java").get(0);
    }

    /** The source that is built: without what stands above the class. */
    public static String example() {
        String source = read(TestSystem.distribution()
                .resolve("examples/greeter/src/main/java/org/example/greeter/GreeterModule.java"));
        return source.substring(source.indexOf("@Component"));
    }

    /** Does in {@code folder} what the page says with the instances of {@code system}, each line as it should end. */
    public static void walk(TestSystem system, Path folder) {
        Map<String, String> environment = environment(system, folder);
        for (String line : String.join("", blocks("sh")).lines().toList()) {
            String[] parts = line.split("\\s+# ", 2);
            String seen = parts.length > 1 ? parts[1].strip() : "";
            boolean fails = seen.startsWith(FAILS);
            Pattern wanted = inOneLine(fails ? seen.substring(FAILS.length()) : seen);
            Outcome[] last = new Outcome[1];
            boolean asTold = Eventually.within(LOOKS.matcher(line).find() ? Eventually.LIMIT : Duration.ZERO, () -> {
                last[0] = Commands.run(folder, LIMIT, environment, List.of("bash", "-c", parts[0]));
                return last[0].code() == 0 != fails
                        && wanted.matcher(last[0].all()).find();
            });
            if (!asTold) {
                throw new AssertionError(line + "\nends with " + last[0].code() + ": " + last[0].all());
            }
        }
    }

    private static Pattern inOneLine(String words) {
        return Pattern.compile(
                Arrays.stream(words.split(" ")).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** The author's {@code skep} and {@code mvn}; what the latter fetches of ours stays out of the common repository. */
    private static Map<String, String> environment(TestSystem system, Path folder) {
        try {
            Path bin = Files.createDirectories(folder.resolve("bin"));
            Path home = TestSystem.distribution();
            Files.createSymbolicLink(bin.resolve("skep"), home.resolve("bin/skep"));
            Path wrapper = Path.of("..", "mvnw").toAbsolutePath().normalize();
            Path maven = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\nexec " + wrapper + " \"$@\"\n");
            Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
            Path common = Path.of(System.getProperty("user.home"), ".m2", "repository");
            return Map.of(
                    "PATH",
                    bin + ":" + System.getenv("PATH"),
                    "SKEP_HOME",
                    home.toString(),
                    "SKEP_DATA",
                    system.folder().toString(),
                    "MAVEN_ARGS",
                    "-Dmaven.repo.local=" + folder.resolve("repository") + " -Dmaven.repo.local.tail=" + common);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> blocks(String language) {
        String page = read(PAGE);
        int from = page.indexOf(HEADING);
        String section = page.substring(from, page.indexOf("\n## ", from + 1));
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(section)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
