package io.skep.launcher.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

    private static final String TEMPLATE = """
            # How often.
            #heartbeat.seconds = 15

            # How large.
            #queue.limit = 100
            """;

    @TempDir
    Path folder;

    @Test
    void commentedDefaultIsNoValue() {
        assertThat(ConfigFile.parse(TEMPLATE)).isEmpty();
    }

    @Test
    void valueGoesBelowItsCommentedDefault() {
        assertThat(ConfigFile.with(TEMPLATE, Map.of("heartbeat.seconds", "30")))
                .isEqualTo(TEMPLATE.replace("= 15\n", "= 15\nheartbeat.seconds = 30\n"));
    }

    @Test
    void laterValueTakesTheFormersPlace() {
        String once = ConfigFile.with(TEMPLATE, Map.of("heartbeat.seconds", "30"));

        assertThat(ConfigFile.with(once, Map.of("heartbeat.seconds", "40"))).isEqualTo(once.replace("= 30", "= 40"));
    }

    @Test
    void unknownKeyGoesToTheEndAndOthersStay() {
        String text = ConfigFile.with("a = 1\nab = 2\n", new TreeMap<>(Map.of("b", "3", "a", "9")));

        assertThat(text).isEqualTo("a = 9\nab = 2\nb = 3\n");
    }

    @Test
    void everySpellingOfAKeyIsReplaced() {
        assertThat(ConfigFile.with(
                        "a=1\n a : 2\nb = \\\n  x, \\\n  y\nc=3\n", new TreeMap<>(Map.of("a", "4", "b", "z"))))
                .isEqualTo("a = 4\nb = z\nc=3\n");
    }

    @Test
    void whatIsSetIsReadBack() {
        ConfigFile file = new ConfigFile(folder.resolve("x.cfg"));

        file.set(Map.of("path", "C:\\data", "list", "a:b,c:d", "place", "${karaf.base}/join-token", "empty", ""));

        assertThat(file.get("path")).contains("C:\\data");
        assertThat(file.get("list")).contains("a:b,c:d");
        assertThat(file.get("place")).contains("${karaf.base}/join-token");
        assertThat(file.get("empty")).contains("");
        assertThat(file.get("absent")).isEmpty();
        assertThat(folder).isDirectoryContaining(f -> f.endsWith("x.cfg"));
    }

    @Test
    void absentFileHasNoKeys() {
        assertThat(new ConfigFile(folder.resolve("none.cfg")).all()).isEmpty();
        assertThat(Files.exists(folder.resolve("none.cfg"))).isFalse();
    }
}
