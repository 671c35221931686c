package io.skep.edgecontroller.internal.dynamic;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.DeleteOptions.Propagation;
import io.skep.kube.api.Doc;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.Selector;
import io.skep.kube.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An application's {@code Option}, read as what it stands for; all throw {@code BadRequest} for what is none. */
final class Options {

    private Options() {}

    static ListOptions list(Doc option) {
        return new ListOptions(
                Selector.parse(option.text("labelSelector")),
                Selector.parseFields(option.text("fieldSelector")),
                option.text("resourceVersion"),
                (int) Math.max(0, Math.min(option.number(0, "limit"), Integer.MAX_VALUE)),
                option.text("continue"),
                false);
    }

    /** What holds of both. */
    static Selector and(Selector one, Selector other) {
        List<Selector.Requirement> all = new ArrayList<>(one.requirements());
        all.addAll(other.requirements());
        return new Selector(all);
    }

    static WriteOptions write(Doc option) {
        return new WriteOptions(isDryRun(option), option.text("fieldManager"), option.flag(false, "force"));
    }

    static DeleteOptions delete(Doc option) {
        OptionalLong grace = option.has("gracePeriodSeconds")
                ? OptionalLong.of(option.number(0, "gracePeriodSeconds"))
                : OptionalLong.empty();
        return new DeleteOptions(
                grace,
                option.text("preconditions", "uid"),
                option.text("preconditions", "resourceVersion"),
                propagation(option),
                isDryRun(option));
    }

    private static Propagation propagation(Doc option) {
        String policy = option.text("propagationPolicy");
        return switch (policy) {
            case "" -> option.flag(false, "orphanDependents") ? Propagation.ORPHAN : Propagation.BACKGROUND;
            case "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default -> throw Refusals.badRequest("propagationPolicy: unsupported value \"" + policy + "\"");
        };
    }

    private static boolean isDryRun(Doc option) {
        List<String> values = option.texts("dryRun");
        if (!values.isEmpty() && !values.equals(List.of("All"))) {
            throw Refusals.badRequest("dryRun: unsupported value " + values);
        }
        return !values.isEmpty();
    }

    /** KubeEdge's {@code PatchInfo}: {@code {"Name","PatchType","Data","Options","Subresources"}}. */
    static Patch patch(Doc info) {
        String type = info.text("PatchType");
        PatchType known = PatchType.ofMediaType(type)
                .orElseThrow(() -> Refusals.badRequest("PatchType: unsupported value \"" + type + "\""));
        return new Patch(known, Application.text("Data", info.text("Data")));
    }

    /** The one subresource a patch is for, {@code ""} for the object itself. */
    static String patched(Doc info) {
        List<String> subresources =
                info.texts("Subresources").stream().filter(s -> !s.isEmpty()).toList();
        if (subresources.size() > 1) {
            throw Refusals.badRequest("a patch is for one subresource, not " + subresources);
        }
        return subresources.isEmpty() ? "" : subresources.get(0);
    }
}
