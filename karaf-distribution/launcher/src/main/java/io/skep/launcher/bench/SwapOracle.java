package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.host.LauncherException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares what was sent with what arrived, from the bench's own records; the product's counters are not asked. */
final class SwapOracle {

    private static final int MESSAGE_BYTES = 8;

    private SwapOracle() {}

    /** What the storm inside the node lost, doubled or turned round. */
    static List<String> messages(JsonNode sent, Path arrived) {
        List<String> faults = new ArrayList<>();
        int[] next = new int[sent.size()];
        long again = 0;
        long skipped = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(arrived)))) {
            while (true) {
                int sender = in.readInt();
                int number = in.readInt();
                if (number < next[sender]) {
                    again++;
                } else {
                    skipped += number - next[sender];
                    next[sender] = number + 1;
                }
            }
        } catch (EOFException e) {
            // all read
        } catch (IOException e) {
            throw new LauncherException("cannot read what arrived: " + e, e);
        }
        long missing = skipped;
        for (JsonNode sender : sent) {
            missing += sender.path("taken").asInt() - next[sender.path("number").asInt()];
            add(
                    faults,
                    "messages to a module that was said not to be there",
                    sender.path("dropped").asLong());
        }
        add(faults, "messages that came again, or after a later one of their sender", again);
        add(faults, "messages lost, or overtaken by a later one of their sender", missing);
        return faults;
    }

    /** Whether all that was taken can have arrived. */
    static boolean complete(JsonNode sent, Path arrived) {
        long taken = 0;
        for (JsonNode sender : sent) {
            taken += sender.path("taken").asLong();
        }
        return arrived.toFile().length() >= taken * MESSAGE_BYTES;
    }

    /** Questions that ended neither with an answer nor with a refusal. */
    static List<String> questions(JsonNode asked) {
        List<String> faults = new ArrayList<>();
        for (JsonNode each : asked) {
            String module = each.path("module").asText();
            long open = each.path("asked").asLong()
                    - each.path("answered").asLong()
                    - each.path("refused").asLong()
                    - each.path("failed").asLong();
            add(faults, "questions to " + module + " that never ended", open);
            add(
                    faults,
                    "questions to " + module + " that failed, the last: "
                            + each.path("failure").asText(),
                    each.path("failed").asLong());
        }
        return faults;
    }

    private static void add(List<String> faults, String what, long count) {
        if (count != 0) {
            faults.add(count + " " + what);
        }
    }
}
