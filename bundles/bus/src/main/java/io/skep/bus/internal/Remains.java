package io.skep.bus.internal;

import io.skep.bus.internal.mail.MessageJson;
import io.skep.bus.internal.mail.StoredMail;
import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.DocumentStore;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bus leaves whose store has gone before it, as it may when a contract both use is refreshed: waiting messages, in
 * a file of its own until there is a store again. The file holds, a module: its name, how many, each message's length and
 * text.
 */
final class Remains {

    private static final Logger LOG = LoggerFactory.getLogger(Remains.class);

    private final Path file;

    /** Nothing is read or written yet. */
    Remains(Path file) {
        this.file = file;
    }

    /**
     * Puts messages, by module, behind what the file holds already, and returns once they are on disk; blocks.
     *
     * @return messages that could not be kept
     */
    int leave(Map<String, List<Message>> waiting) {
        if (waiting.isEmpty()) {
            return 0;
        }
        int count = waiting.values().stream().mapToInt(List::size).sum();
        try {
            Map<String, List<Message>> all = read();
            waiting.forEach((module, messages) ->
                    all.computeIfAbsent(module, m -> new ArrayList<>()).addAll(messages));
            write(all);
            LOG.info("messages wait in a file until there is a store: count={} file={}", count, file);
            return 0;
        } catch (IOException | EdgeException e) {
            LOG.error(
                    "waiting messages are lost: count={} modules={} reason={}", count, waiting.keySet(), e.toString());
            return count;
        }
    }

    /** Moves what the file holds into {@code store}, where mailboxes look for it; blocks. A failure leaves the file. */
    void moveTo(DocumentStore store) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            read().forEach((module, messages) -> StoredMail.put(store, module, messages));
            Files.delete(file);
        } catch (IOException | EdgeException e) {
            LOG.warn("messages still wait in a file: file={} reason={}", file, e.toString());
        }
    }

    private Map<String, List<Message>> read() throws IOException {
        Map<String, List<Message>> found = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return found;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (int modules = in.readInt(); modules > 0; modules--) {
                List<Message> messages = new ArrayList<>();
                found.put(in.readUTF(), messages);
                for (int left = in.readInt(); left > 0; left--) {
                    messages.add(MessageJson.read(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8)));
                }
            }
        }
        return found;
    }

    private void write(Map<String, List<Message>> all) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)))) {
            out.writeInt(all.size());
            for (Map.Entry<String, List<Message>> module : all.entrySet()) {
                out.writeUTF(module.getKey());
                out.writeInt(module.getValue().size());
                for (Message message : module.getValue()) {
                    byte[] text = MessageJson.write(message).getBytes(StandardCharsets.UTF_8);
                    out.writeInt(text.length);
                    out.write(text);
                }
            }
            out.flush();
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
