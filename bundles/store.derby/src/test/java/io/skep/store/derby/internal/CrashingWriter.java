package io.skep.store.derby.internal;

import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/** Writes for ever and prints, after each acknowledged write, key and revision; to be killed in the middle of it. */
final class CrashingWriter {

    private CrashingWriter() {}

    public static void main(String[] arguments) throws InterruptedException {
        Random random = new Random();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        DerbyDocumentStore store = Stores.open(Path.of(arguments[0]));
        out.println("ready");
        Semaphore underWay = new Semaphore(50);
        while (true) {
            String key = "k" + random.nextInt(200);
            int length = random.nextInt(20) == 0 ? 100_000 : random.nextInt(3_000);
            String body = "x".repeat(length);
            underWay.acquire();
            // Two documents in one write: after the crash both are there or none.
            store.submit(List.of(
                            Change.put("left", key, DocumentStore.ANY, body),
                            Change.put("right", key, DocumentStore.ANY, body)))
                    .whenComplete((puts, failure) -> {
                        underWay.release();
                        out.println(failure == null ? key + " " + puts.get(0).revision() : "failed " + failure);
                    });
        }
    }
}
