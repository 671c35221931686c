package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong with an object, field by field, worded as the real server words it.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/util/validation/field/errors.go}.
 */
public final class Causes {

    private final List<Status.Cause> causes = new ArrayList<>();

    void required(String field) {
        add("FieldValueRequired", field, "Required value");
    }

    void required(String field, String detail) {
        add("FieldValueRequired", field, "Required value: " + detail);
    }

    void invalid(String field, Object value, String detail) {
        String shown = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
        if (value instanceof List<?> list) {
            shown = list.stream().map(item -> "\"" + item + "\"").collect(Collectors.joining(", ", "[]string{", "}"));
        }
        add("FieldValueInvalid", field, "Invalid value: " + shown + ": " + detail);
    }

    void duplicate(String field, Object value) {
        add("FieldValueDuplicate", field, "Duplicate value: \"" + value + "\"");
    }

    void notFound(String field, String value) {
        add("FieldValueNotFound", field, "Not found: \"" + value + "\"");
    }

    void unsupported(String field, String value, Collection<String> supported) {
        String list = supported.stream().map(s -> "\"" + s + "\"").collect(Collectors.joining(", "));
        add("FieldValueNotSupported", field, "Unsupported value: \"" + value + "\": supported values: " + list);
    }

    void forbidden(String field, String detail) {
        add("FieldValueForbidden", field, "Forbidden: " + detail);
    }

    void tooLong(String field, int most) {
        add("FieldValueTooLong", field, "Too long: must have at most " + most + " bytes");
    }

    private void add(String reason, String field, String message) {
        causes.add(new Status.Cause(reason, field, message));
    }

    /** Adds what is wrong with an object and was not with its former state. */
    public void addNew(Causes found, Causes former) {
        found.causes.stream().filter(cause -> !former.causes.contains(cause)).forEach(causes::add);
    }

    public boolean isEmpty() {
        return causes.isEmpty();
    }

    /** Refuses the object if anything is wrong with it. */
    public void throwIfAny(ResourceKind kind, String name) {
        if (!causes.isEmpty()) {
            throw new KubeException(Status.invalid(kind, name, causes));
        }
    }
}
