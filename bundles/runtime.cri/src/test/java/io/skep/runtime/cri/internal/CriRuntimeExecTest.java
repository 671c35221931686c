package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A command in a container is between its caller and the engine. */
class CriRuntimeExecTest extends OnRealEngine {

    /** All an aborted call can do: the engine closes what the command reads. One that does not read runs on. */
    @Test
    void commandThatReadsEndsWithItsCaller() throws Exception {
        String id = running("web");
        ExecRequest request = new ExecRequest(List.of("/bin/cat"), true, true, true, false);
        URI door = ((Execution.Served) runtime().exec(id, request)).url();
        WebSocket caller = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("v4.channel.k8s.io")
                .buildAsync(URI.create("ws" + door.toString().substring("http".length())), new WebSocket.Listener() {})
                .get(LONG.toSeconds(), TimeUnit.SECONDS);
        Eventually.holds("it runs", () -> runs(id, "cat"));

        caller.abort();

        Eventually.holds("it ended", () -> !runs(id, "cat"));
    }

    private boolean runs(String id, String program) throws ContainerException {
        return runtime()
                        .execSync(id, List.of("/bin/sh", "-c", "pidof " + program), LONG)
                        .exitCode()
                == 0;
    }
}
