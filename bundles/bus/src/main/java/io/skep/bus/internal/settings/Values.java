package io.skep.bus.internal.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Values of one configuration, without what the framework and the file's reader note beside them. */
final class Values {

    private final Hashtable<String, Object> all;

    private Values(Hashtable<String, Object> all) {
        this.all = all;
    }

    static Values of(Dictionary<String, Object> dictionary) {
        Hashtable<String, Object> copy = new Hashtable<>();
        Collections.list(dictionary.keys()).forEach(k -> copy.put(k, dictionary.get(k)));
        return new Values(copy);
    }

    /** Everything, as Config Admin takes it. */
    Dictionary<String, Object> dictionary() {
        return new Hashtable<>(all);
    }

    /** What an operator has given, in the types Config Admin has it in. */
    Map<String, Object> given() {
        Map<String, Object> given = new TreeMap<>(all);
        given.keySet().removeIf(key -> key.startsWith("service.") || key.startsWith("felix.fileinstall."));
        return given;
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        given().forEach((key, value) ->
                texts.put(key, value instanceof Object[] array ? String.join(",", strings(array)) : value.toString()));
        return texts;
    }

    private static List<String> strings(Object[] array) {
        List<String> strings = new ArrayList<>();
        for (Object element : array) {
            strings.add(String.valueOf(element));
        }
        return strings;
    }

    /** Whether the same keys have the same values. */
    boolean same(Values other) {
        return texts().equals(other.texts());
    }

    /** Whether a component with these properties, which has defaults too, was told these values and not the replaced ones. */
    boolean areIn(Map<String, Object> properties, Values replaced) {
        Map<String, String> told = of(new Hashtable<>(properties)).texts();
        Map<String, String> gone = replaced.texts();
        gone.keySet().removeAll(texts().keySet());
        return told.entrySet().containsAll(texts().entrySet())
                && Collections.disjoint(told.entrySet(), gone.entrySet());
    }

    /** What is different in {@code newer}, for an operator. */
    String difference(Values newer) {
        Map<String, String> before = texts();
        Map<String, String> after = newer.texts();
        TreeMap<String, String> keys = new TreeMap<>(before);
        keys.putAll(after);
        List<String> texts = new ArrayList<>();
        for (String key : keys.keySet()) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                texts.add(key + ": " + shown(before.get(key)) + " -> " + shown(after.get(key)));
            }
        }
        return String.join(", ", texts);
    }

    private static String shown(String value) {
        return value == null ? "(default)" : value;
    }
}
