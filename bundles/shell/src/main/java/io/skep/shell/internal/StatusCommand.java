package io.skep.shell.internal;

import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceStore;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code edge:status} is the first look: whether all is well, and where not. */
@Service
@Command(scope = "edge", name = "status", description = "Shows in a few lines how this process is")
public final class StatusCommand extends EdgeCommand {

    @Reference(optional = true)
    ModuleRegistry modules;

    @Reference(optional = true)
    ResourceStore store;

    @Override
    void run(PrintStream out) throws Exception {
        Map<String, String> lines = lines();
        if (json) {
            out.println(Json.pretty(lines));
        } else {
            new Table(
                            List.of("WHAT", "HOW"),
                            lines.entrySet().stream()
                                    .map(e -> List.of(e.getKey(), e.getValue()))
                                    .toList(),
                            "Nothing of Skep runs here: install a feature, for example edge-node")
                    .print(out);
        }
    }

    private Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        if (modules != null) {
            lines.put("modules", modules(modules.list()));
        }
        if (bus != null) {
            lines.put("bus", bus(bus.status()));
        }
        ask(ModuleNames.EDGE_HUB, ModuleNames.GROUP_HUB, "link")
                .ifPresent(answer -> lines.put("link", link(Questions.doc(answer))));
        ask(ModuleNames.EDGED, ModuleNames.GROUP_EDGED, "pods").ifPresent(answer -> lines.put("pods", pods(answer)));
        ask(ModuleNames.CLOUD_HUB, ModuleNames.CLOUD_HUB, "sessions")
                .filter(List.class::isInstance)
                .ifPresent(answer -> lines.put("nodes linked", Integer.toString(((List<?>) answer).size())));
        if (store != null) {
            lines.put("nodes", nodes(store.list(Kinds.NODE, "", ListOptions.ALL).items()));
        }
        return lines;
    }

    /** A module of the other role is no news here. */
    private Optional<Object> ask(String module, String group, String resource) {
        if (bus == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(questions().ask(module, group, resource));
        } catch (CommandException e) {
            return Optional.empty();
        }
    }

    static String modules(List<ModuleStatus> all) {
        List<String> bad = all.stream()
                .filter(m -> m.state() != State.ACTIVE || !m.health().ok())
                .map(m -> m.name() + " "
                        + (m.state() == State.ACTIVE
                                ? m.health().reason()
                                : m.state().name()))
                .toList();
        return bad.isEmpty() ? all.size() + " active" : all.size() + ", not well: " + String.join(", ", bad);
    }

    static String bus(BusStatus status) {
        long queued = status.mailboxes().stream()
                .mapToLong(m -> m.queued() + m.spilled())
                .sum();
        return queued + " waiting, " + BusCommand.losses(status).toLowerCase(java.util.Locale.ROOT);
    }

    static String link(Doc link) {
        String error = link.text("lastError");
        boolean down = !error.isEmpty() && !link.text("state").equalsIgnoreCase("connected");
        return link.text("state") + " to " + link.text("server") + (down ? ": " + error : "");
    }

    static String pods(Object pods) {
        if (!(pods instanceof List<?> list)) {
            return "0";
        }
        long running = list.stream()
                .filter(pod -> Questions.doc(pod).text("phase").equals("Running"))
                .count();
        return list.size() + ", " + running + " running";
    }

    static String nodes(List<KubeObject> nodes) {
        long ready = nodes.stream()
                .filter(node -> NodeColumns.status(node).startsWith("Ready"))
                .count();
        return nodes.size() + ", " + ready + " ready";
    }
}
