package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.NameSyntax;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The shapes of names and keys.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/util/validation/validation.go}.
 */
final class Names {

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private static final Pattern IS_LABEL = Pattern.compile(LABEL);
    private static final Pattern IS_ENV = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern IS_CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");
    private static final Pattern IS_PORT_NAME = Pattern.compile("[-a-z0-9]+");

    private static final String LABEL_TEXT = "a lowercase RFC 1123 label must consist of lower case alphanumeric"
            + " characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
            + " regex used for validation is '" + LABEL + "')";
    private static final String ENV_TEXT = "a valid environment variable name must consist of alphabetic characters,"
            + " digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or"
            + " 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
    private static final String CONFIG_KEY_TEXT =
            "a valid config key must consist of alphanumeric characters, '-', '_' or"
                    + " '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    private static final int LABEL_LENGTH = 63;
    private static final int CONFIG_KEY_LENGTH = 253;
    private static final int PORT_NAME_LENGTH = 15;

    private Names() {}

    /** Names of most objects. */
    static void subdomain(Causes causes, String field, String value) {
        NameSyntax.ofSubdomain(value).forEach(why -> causes.invalid(field, value, why));
    }

    /** Names of namespaces, containers and volumes. */
    static void label(Causes causes, String field, String value) {
        check(causes, field, value, IS_LABEL, LABEL_LENGTH, LABEL_TEXT);
    }

    static void envName(Causes causes, String field, String value) {
        check(causes, field, value, IS_ENV, Integer.MAX_VALUE, ENV_TEXT);
    }

    static void configKey(Causes causes, String field, String value) {
        if (".".equals(value) || "..".equals(value)) {
            causes.invalid(field, value, "must not be '" + value + "'");
        }
        check(causes, field, value, IS_CONFIG_KEY, CONFIG_KEY_LENGTH, CONFIG_KEY_TEXT);
    }

    static void portName(Causes causes, String field, String value) {
        if (value.length() > PORT_NAME_LENGTH) {
            causes.invalid(field, value, "must be no more than " + PORT_NAME_LENGTH + " characters");
        }
        if (!IS_PORT_NAME.matcher(value).matches()) {
            causes.invalid(field, value, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (value.chars().noneMatch(c -> c >= 'a' && c <= 'z')) {
            causes.invalid(field, value, "must contain at least one letter (a-z)");
        }
        if (value.contains("--")) {
            causes.invalid(field, value, "must not contain consecutive hyphens");
        }
        if (value.startsWith("-") || value.endsWith("-")) {
            causes.invalid(field, value, "must not begin or end with a hyphen");
        }
    }

    static void labels(Causes causes, String field, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            qualified(causes, field, key);
            labelValue(causes, field, value);
        });
    }

    static void labelValue(Causes causes, String field, String value) {
        NameSyntax.ofLabelValue(value).forEach(why -> causes.invalid(field, value, why));
    }

    /** A key with an optional DNS prefix, as labels, annotations, taints and finalizers have. */
    static void qualified(Causes causes, String field, String key) {
        NameSyntax.ofLabelKey(key).forEach(why -> causes.invalid(field, key, why));
    }

    private static void check(Causes causes, String field, String value, Pattern shape, int most, String text) {
        if (value.length() > most) {
            causes.invalid(field, value, "must be no more than " + most + " characters");
        }
        if (!shape.matcher(value).matches()) {
            causes.invalid(field, value, text);
        }
    }
}
