package io.skep.kube.rest.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds fields that an object has more than once; a tree keeps the last of them only. */
final class Duplicates {

    /** As Kubernetes' decoder, which stops to count then. */
    private static final int MOST = 100;

    /** An object or list that is being read; a list counts its elements. */
    private static final class Level {
        private final String path;
        private final boolean list;
        private final Set<String> seen = new HashSet<>();
        private int index;

        Level(String path, boolean list) {
            this.path = path;
            this.list = list;
        }
    }

    private final Deque<Level> levels = new ArrayDeque<>();
    private final List<String> found = new ArrayList<>();
    private final Words words;
    private String field = "";

    /** How a duplicate is told of. */
    @FunctionalInterface
    private interface Words {
        String of(String path, String name, int line);
    }

    private Duplicates(Words words) {
        this.words = words;
    }

    /** {@code duplicate field "spec.nodeName"}, one each, in the order of the text. */
    static List<String> in(JsonParser parser) throws IOException {
        return in(parser, (path, name, line) -> "duplicate field \"" + path + "\"");
    }

    /** All of them in one, as Go's YAML decoder tells of them. */
    static List<String> inYaml(JsonParser parser) throws IOException {
        List<String> found =
                in(parser, (path, name, line) -> "\n  line " + line + ": key \"" + name + "\" already set in map");
        return found.isEmpty() ? found : List.of("yaml: unmarshal errors:" + String.join("", found));
    }

    private static List<String> in(JsonParser parser, Words words) throws IOException {
        Duplicates duplicates = new Duplicates(words);
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            duplicates.read(token, parser);
        }
        return duplicates.found;
    }

    private void read(JsonToken token, JsonParser parser) throws IOException {
        switch (token) {
            case FIELD_NAME ->
                name(parser.currentName(), parser.currentTokenLocation().getLineNr());
            case START_OBJECT, START_ARRAY -> levels.push(new Level(here(), token == JsonToken.START_ARRAY));
            case END_OBJECT, END_ARRAY -> {
                levels.pop();
                valueRead();
            }
            default -> valueRead();
        }
    }

    private void name(String name, int line) {
        Level object = levels.element();
        field = object.path.isEmpty() ? name : object.path + "." + name;
        if (!object.seen.add(name) && found.size() < MOST) {
            found.add(words.of(field, name, line));
        }
    }

    private String here() {
        Level around = levels.peek();
        return around != null && around.list ? around.path + "[" + around.index + "]" : field;
    }

    private void valueRead() {
        if (!levels.isEmpty()) {
            levels.element().index++;
        }
    }
}
