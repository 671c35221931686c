package io.skep.kube.api;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What names look like, and keys and values of labels. Source: Kubernetes {@code apimachinery/pkg/util/validation}. */
public final class NameSyntax {

    private static final String NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private static final Pattern IS_NAME = Pattern.compile(NAME);
    private static final Pattern IS_SUBDOMAIN = Pattern.compile(SUBDOMAIN);
    private static final int LONGEST_NAME = 63;
    private static final int LONGEST_SUBDOMAIN = 253;

    private static final String NAME_TEXT =
            "must consist of alphanumeric characters, '-', '_' or '.', and must start and"
                    + " end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation"
                    + " is '" + NAME + "')";
    private static final String SUBDOMAIN_TEXT =
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                    + " characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
                    + " used for validation is '" + SUBDOMAIN + "')";
    private static final String VALUE_TEXT = "a valid label must be an empty string or consist of alphanumeric"
            + " characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
            + " 'my_value',  or '12345', regex used for validation is '(" + NAME + ")?')";

    private NameSyntax() {}

    /** What is wrong with the name of most objects, in the real server's words; empty when nothing is. */
    public static List<String> ofSubdomain(String name) {
        List<String> problems = new ArrayList<>();
        check(name, IS_SUBDOMAIN, LONGEST_SUBDOMAIN, "", SUBDOMAIN_TEXT, problems);
        return problems;
    }

    /** What is wrong with a key of a label, an annotation, a taint or a finalizer, in the real server's words; empty when nothing is. */
    public static List<String> ofLabelKey(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length > 2) {
            return List.of("a qualified name " + NAME_TEXT
                    + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
        }
        List<String> problems = new ArrayList<>();
        if (parts.length == 2 && parts[0].isEmpty()) {
            problems.add("prefix part must be non-empty");
        } else if (parts.length == 2) {
            check(parts[0], IS_SUBDOMAIN, LONGEST_SUBDOMAIN, "prefix part ", SUBDOMAIN_TEXT, problems);
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            problems.add("name part must be non-empty");
        }
        check(name, IS_NAME, LONGEST_NAME, "name part ", NAME_TEXT, problems);
        return problems;
    }

    /** What is wrong with a label's value, in the real server's words; empty when nothing is. */
    public static List<String> ofLabelValue(String value) {
        List<String> problems = new ArrayList<>();
        if (!value.isEmpty()) {
            check(value, IS_NAME, LONGEST_NAME, "", VALUE_TEXT, problems);
        }
        return problems;
    }

    private static void check(
            String text, Pattern shape, int longest, String part, String rule, List<String> problems) {
        if (text.length() > longest) {
            problems.add(part + "must be no more than " + longest + " characters");
        }
        if (!shape.matcher(text).matches()) {
            problems.add(part + rule);
        }
    }
}
