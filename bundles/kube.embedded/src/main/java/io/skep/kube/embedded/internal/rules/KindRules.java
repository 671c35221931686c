package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.KubeObject;
import java.util.function.UnaryOperator;

/**
 * What sets one kind apart from the others. A kind without rules of its own has {@link #PLAIN}.
 *
 * @param labelName whether its names are single DNS labels
 * @param generation whether {@code metadata.generation} counts changes of what is wanted
 * @param metadataByStatus whether writing the status may touch labels and annotations, as built-in kinds let it
 * @param defaults fills in on create and update what was left out
 * @param initial what only a new object gets
 * @param validation checks an object
 * @param changes checks a change
 */
public record KindRules(
        boolean labelName,
        boolean generation,
        boolean metadataByStatus,
        UnaryOperator<KubeObject> defaults,
        UnaryOperator<KubeObject> initial,
        Validation validation,
        ChangeValidation changes) {

    /** Checks an object. */
    @FunctionalInterface
    public interface Validation {
        void check(KubeObject object, Causes causes);
    }

    /** Checks a change. */
    @FunctionalInterface
    public interface ChangeValidation {
        void check(KubeObject before, KubeObject after, Causes causes);
    }

    /** No rules but those of the metadata; a built-in kind. */
    public static final KindRules PLAIN = new KindRules(
            false, false, true, UnaryOperator.identity(), UnaryOperator.identity(), (o, c) -> {}, (a, b, c) -> {});

    /** As {@link #PLAIN}, for a kind that custom resources made. */
    public static final KindRules CUSTOM = new KindRules(
            false, true, false, UnaryOperator.identity(), UnaryOperator.identity(), (o, c) -> {}, (a, b, c) -> {});

    KindRules labelNames() {
        return new KindRules(true, generation, metadataByStatus, defaults, initial, validation, changes);
    }

    KindRules defaulting(UnaryOperator<KubeObject> value) {
        return new KindRules(labelName, generation, metadataByStatus, value, initial, validation, changes);
    }

    KindRules beginning(UnaryOperator<KubeObject> value) {
        return new KindRules(labelName, generation, metadataByStatus, defaults, value, validation, changes);
    }

    KindRules validating(Validation value) {
        return new KindRules(labelName, generation, metadataByStatus, defaults, initial, value, changes);
    }

    KindRules changing(ChangeValidation value) {
        return new KindRules(labelName, generation, metadataByStatus, defaults, initial, validation, value);
    }
}
