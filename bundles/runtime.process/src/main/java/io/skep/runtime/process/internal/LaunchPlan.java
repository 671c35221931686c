package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig.EnvVar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the {@code launch} script reads: working folder, variables, words. It is all ASCII, so that bytes arrive as they are
 * whatever the locale, and nothing shows in a process list before the command itself does.
 */
final class LaunchPlan {

    /** Variables a shell can carry. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** Variables that mean something to a shell, or that it makes or checks by itself. */
    private static final Set<String> SHELLS_OWN = Set.of(
            "_",
            "BASHOPTS",
            "BASH_VERSINFO",
            "EUID",
            "IFS",
            "LINENO",
            "OLDPWD",
            "OPTARG",
            "OPTIND",
            "PPID",
            "PS1",
            "PS2",
            "PS4",
            "PWD",
            "RANDOM",
            "SECONDS",
            "SHELLOPTS",
            "SHLVL",
            "UID");

    private LaunchPlan() {}

    /**
     * Writes the plan. Of a variable given twice the later one counts.
     *
     * @param folder working folder, absolute
     * @param words command and arguments, at least one
     */
    static String of(String folder, List<EnvVar> variables, List<String> words) {
        Map<String, String> env = new LinkedHashMap<>();
        variables.forEach(each -> env.put(each.name(), each.value()));
        List<String> lines = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        lines.add("d " + Escapes.line(folder));
        env.forEach((name, value) -> {
            if (PLAIN_NAME.matcher(name).matches() && !SHELLS_OWN.contains(name) && !name.startsWith("skep_")) {
                lines.add("e " + Escapes.line(name + "=" + value));
            } else {
                foreign.add(name + "=" + value);
            }
        });
        if (!foreign.isEmpty()) {
            // A shell would lose or change these, env(1) does not.
            lines.add("a /usr/bin/env");
            foreign.forEach(each -> lines.add("a " + Escapes.line(each)));
        }
        words.forEach(word -> lines.add("a " + Escapes.line(word)));
        return String.join("\n", lines) + "\n";
    }
}
