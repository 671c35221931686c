package io.skep.shell.internal;

import io.skep.core.api.bus.BusStatus;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code edge:bus} shows the mailboxes and what was lost. */
@Service
@Command(scope = "edge", name = "bus", description = "Shows the mailboxes of the bus and what was lost")
public final class BusCommand extends EdgeCommand {

    @Override
    void run(PrintStream out) throws Exception {
        if (bus == null) {
            throw new CommandException("there is no message bus here: install the feature edge-core");
        }
        BusStatus status = bus.status();
        if (json) {
            out.println(Json.pretty(tree(status)));
            return;
        }
        table(status).print(out);
        out.println(losses(status));
    }

    static Table table(BusStatus status) {
        return new Table(
                List.of("MODULE", "GROUPS", "QUEUED", "SPILLED", "RECEIVED", "COALESCED", "REFUSED"),
                status.mailboxes().stream()
                        .map(m -> List.of(
                                m.module(),
                                String.join(",", m.groups()),
                                Long.toString(m.queued()),
                                Long.toString(m.spilled()),
                                Long.toString(m.received()),
                                Long.toString(m.coalesced()),
                                Long.toString(m.refused())))
                        .toList(),
                "No mailboxes");
    }

    static String losses(BusStatus status) {
        List<String> lost = status.losses().entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .map(e -> e.getKey() + "=" + e.getValue())
                .sorted()
                .toList();
        return lost.isEmpty() ? "Nothing lost" : "Lost: " + String.join(" ", lost);
    }

    private static Map<String, Object> tree(BusStatus status) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(
                "mailboxes",
                status.mailboxes().stream()
                        .map(m -> {
                            Map<String, Object> box = new LinkedHashMap<>();
                            box.put("module", m.module());
                            box.put("groups", m.groups());
                            box.put("queued", m.queued());
                            box.put("spilled", m.spilled());
                            box.put("received", m.received());
                            box.put("coalesced", m.coalesced());
                            box.put("refused", m.refused());
                            return box;
                        })
                        .toList());
        tree.put("losses", status.losses());
        return tree;
    }
}
