package io.skep.kube.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads one label selector. Source: Kubernetes {@code apimachinery/pkg/labels/selector.go}, whose messages these are. */
final class LabelSelectorParser {

    private static final String BLANKS = " \t\r\n";
    private static final String SYMBOLS = "=!(),><";
    private static final Set<String> OPERATORS = Set.of("in", "notin", "=", "==", "!=", ">", "<");
    private static final String ALL_OPERATORS = "in, notin, =, ==, !=, gt, lt";

    /** A piece of the text; the end is an empty one. */
    private record Token(String text, boolean word) {
        boolean is(String symbol) {
            return !word && text.equals(symbol);
        }

        boolean isEnd() {
            return is("");
        }
    }

    private final List<Token> tokens = new ArrayList<>();
    private int position;

    LabelSelectorParser(String text) {
        int at = 0;
        while (at < text.length()) {
            int begin = at;
            if (BLANKS.indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (SYMBOLS.indexOf(text.charAt(at)) >= 0) {
                at += text.startsWith("==", at) || text.startsWith("!=", at) ? 2 : 1;
                tokens.add(new Token(text.substring(begin, at), false));
            } else {
                while (at < text.length() && (SYMBOLS + BLANKS).indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                tokens.add(new Token(text.substring(begin, at), true));
            }
        }
        tokens.add(new Token("", false));
    }

    private Token peek() {
        return tokens.get(position);
    }

    /** The end is never passed. */
    private Token next() {
        Token token = peek();
        position = Math.min(position + 1, tokens.size() - 1);
        return token;
    }

    Selector parse() {
        List<Selector.Requirement> found = new ArrayList<>();
        while (!peek().isEnd()) {
            if (!begins(peek())) {
                throw refused(peek(), "!, identifier, or 'end of string'");
            }
            found.add(requirement());
            Token after = next();
            if (after.is(",") && !begins(peek())) {
                throw refused(peek(), "identifier after ','");
            }
            if (!after.is(",") && !after.isEnd()) {
                throw refused(after, "',' or 'end of string'");
            }
        }
        return new Selector(found);
    }

    private static boolean begins(Token token) {
        return token.word() || token.is("!");
    }

    private Selector.Requirement requirement() {
        boolean absent = peek().is("!");
        if (absent) {
            next();
        }
        Token key = next();
        if (!key.word()) {
            throw unparsable("found '" + key.text() + "', expected: identifier");
        }
        List<String> wrong = NameSyntax.ofLabelKey(key.text());
        if (!wrong.isEmpty()) {
            throw unparsable("<nil>: Invalid value: \"" + key.text() + "\": " + String.join("; ", wrong));
        }
        if (absent && (peek().isEnd() || peek().is(","))) {
            return new Selector.Requirement(key.text(), Selector.Operator.DOES_NOT_EXIST, Set.of());
        }
        if (peek().isEnd() || peek().is(",")) {
            return new Selector.Requirement(key.text(), Selector.Operator.EXISTS, Set.of());
        }
        // A "!" ahead of a key with an operator counts for nothing there.
        return compared(key.text());
    }

    private Selector.Requirement compared(String key) {
        Token operator = next();
        if (!OPERATORS.contains(operator.text())) {
            throw unparsable("found '" + operator.text() + "', expected: " + ALL_OPERATORS);
        }
        boolean set = operator.word();
        TreeSet<String> values = set ? values() : value();
        check(key, operator.text(), values);
        return new Selector.Requirement(
                key,
                switch (operator.text()) {
                    case "notin", "!=" -> Selector.Operator.NOT_IN;
                    case ">" -> Selector.Operator.GREATER;
                    case "<" -> Selector.Operator.LESS;
                    default -> Selector.Operator.IN;
                },
                values);
    }

    private TreeSet<String> value() {
        TreeSet<String> values = new TreeSet<>();
        if (peek().isEnd() || peek().is(",")) {
            values.add("");
            return values;
        }
        Token value = next();
        if (!value.word()) {
            throw unparsable("found '" + value.text() + "', expected: identifier");
        }
        values.add(value.text());
        return values;
    }

    /** {@code (a,b)}; nothing between commas, or between the parentheses, is the empty value. */
    private TreeSet<String> values() {
        Token open = next();
        if (!open.is("(")) {
            throw unparsable("found '" + open.text() + "' expected: '('");
        }
        if (!peek().word() && !peek().is(",") && !peek().is(")")) {
            throw unparsable("found '" + peek().text() + "', expected: ',', ')' or identifier");
        }
        TreeSet<String> values = new TreeSet<>();
        while (true) {
            values.add(peek().word() ? next().text() : "");
            Token after = next();
            if (after.is(")")) {
                return values;
            }
            if (!after.is(",")) {
                throw unparsable("found '" + after.text() + "', expected: ',' or ')'");
            }
        }
    }

    private static void check(String key, String operator, TreeSet<String> values) {
        List<String> problems = new ArrayList<>();
        int index = 0;
        for (String value : values) {
            String path = "values[" + index++ + "]";
            if (Set.of(">", "<").contains(operator) && !Selector.Requirement.isWhole(value)) {
                problems.add(path + ": Invalid value: \"" + value
                        + "\": for 'Gt', 'Lt' operators, the value must be an integer");
            }
            List<String> wrong = NameSyntax.ofLabelValue(value);
            if (!wrong.isEmpty()) {
                problems.add(path + "[" + key + "]: Invalid value: \"" + value + "\": " + String.join("; ", wrong));
            }
        }
        if (!problems.isEmpty()) {
            throw unparsable(problems.size() == 1 ? problems.get(0) : "[" + String.join(", ", problems) + "]");
        }
    }

    private static KubeException refused(Token found, String expected) {
        return badRequest("found '" + found.text() + "', expected: " + expected);
    }

    private static KubeException unparsable(String why) {
        return badRequest("unable to parse requirement: " + why);
    }

    private static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
