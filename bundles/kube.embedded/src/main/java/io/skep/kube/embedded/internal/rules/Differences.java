package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.GoText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** In what two objects differ, for whoever wonders why a change is refused. */
final class Differences {

    private static final int MOST = 10;
    private static final int LONGEST = 200;

    private final List<String> lines = new ArrayList<>();

    private Differences() {}

    /** Two lines a field, former and wanted; of many the first. */
    static String between(Doc before, Doc after) {
        Differences found = new Differences();
        found.look("spec", before.asMap(), after.asMap());
        return String.join("\n", found.lines);
    }

    private void look(String path, Object before, Object after) {
        if (lines.size() >= MOST || before != null && before.equals(after)) {
            return;
        }
        if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> wanted) {
            Set<Object> fields = new LinkedHashSet<>(old.keySet());
            fields.addAll(wanted.keySet());
            fields.forEach(field -> look(path + "." + field, old.get(field), wanted.get(field)));
        } else if (before instanceof List<?> old && after instanceof List<?> wanted && old.size() == wanted.size()) {
            for (int i = 0; i < old.size(); i++) {
                look(path + "[" + i + "]", old.get(i), wanted.get(i));
            }
        } else {
            line("- ", path, before);
            line("+ ", path, after);
        }
    }

    private void line(String sign, String path, Object value) {
        if (value != null) {
            String shown = value instanceof String ? "\"" + value + "\"" : GoText.of(value);
            String text = sign + path + ": " + shown;
            lines.add(text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text);
        }
    }
}
