package io.skep.bench.internal.storm;

import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * The module that the storm inside the node goes to. It writes down each message as it comes, in a file that outlives it
 * and that only the bench reads: sender and number, four bytes each. The bench packs it into a bundle of its own, in one
 * version after the other.
 */
public final class StormSink implements EdgeModule {

    /** The module's name. */
    static final String MODULE = "bench-storm";

    private static final Duration FLUSH = Duration.ofMillis(100);

    private final Path file;
    private DataOutputStream record;

    /** @param properties of the component: {@code bench.file} is where to write */
    public StormSink(Map<String, Object> properties) {
        file = Path.of(String.valueOf(properties.get("bench.file")));
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        try {
            record = new DataOutputStream(new BufferedOutputStream(
                    Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.every(FLUSH, this::flush);
    }

    @Override
    public void receive(Message message) {
        String[] number = message.route().resource().split("/");
        try {
            record.writeInt(Integer.parseInt(number[1]));
            record.writeInt(Integer.parseInt(number[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void flush() {
        try {
            record.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Handover stop() {
        try {
            record.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Handover.NONE;
    }
}
