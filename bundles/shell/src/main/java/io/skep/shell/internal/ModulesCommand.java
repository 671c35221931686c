package io.skep.shell.internal;

import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code edge:modules} lists the modules of this process. */
@Service
@Command(scope = "edge", name = "modules", description = "Lists the modules of this process")
public final class ModulesCommand extends EdgeCommand {

    @Reference(optional = true)
    ModuleRegistry modules;

    @Override
    void run(PrintStream out) throws Exception {
        if (modules == null) {
            throw new CommandException("there is no module host here: install the feature edge-core");
        }
        List<ModuleStatus> all = modules.list();
        if (json) {
            out.println(Json.pretty(all.stream().map(ModulesCommand::tree).toList()));
        } else {
            table(all, Instant.now()).print(out);
        }
    }

    static Table table(List<ModuleStatus> modules, Instant now) {
        return new Table(
                List.of("MODULE", "GROUP", "STATE", "SINCE", "QUEUED", "RESTARTS", "HEALTH", "BUNDLE"),
                modules.stream()
                        .map(m -> List.of(
                                m.name(),
                                m.group(),
                                m.state().name(),
                                Ages.text(Duration.between(m.since(), now)),
                                Long.toString(m.queued()),
                                Integer.toString(m.restarts()),
                                health(m),
                                m.bundle()))
                        .toList(),
                "No modules: install the feature edge-node or edge-cloud");
    }

    private static String health(ModuleStatus module) {
        String message = module.health().message();
        return module.health().reason() + (message.isEmpty() ? "" : ": " + message);
    }

    static Map<String, Object> tree(ModuleStatus module) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", module.name());
        tree.put("group", module.group());
        tree.put("state", module.state().name());
        tree.put("since", module.since().toString());
        tree.put("queued", module.queued());
        tree.put("restarts", module.restarts());
        tree.put("healthy", module.health().ok());
        tree.put("reason", module.health().reason());
        tree.put("message", module.health().message());
        tree.put("bundle", module.bundle());
        return tree;
    }
}
