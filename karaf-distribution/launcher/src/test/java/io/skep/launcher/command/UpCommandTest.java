package io.skep.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpCommandTest {

    @TempDir
    private Path folder;

    private HttpServer other;

    @BeforeEach
    void anotherInstance() throws IOException {
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("etc/users.properties"), "karaf = karaf\n");
        Files.createDirectories(folder.resolve("roles/edge"));
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/readyz", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        other.start();
    }

    @AfterEach
    void stop() {
        other.stop(0);
    }

    @Test
    void anotherInstancesReadinessIsNotTakenForOurs() {
        Instance edge = new Home(folder, folder.resolve("instances")).instance("edge");
        int port = other.getAddress().getPort();

        assertThatThrownBy(() -> UpCommand.start(
                        edge,
                        Role.EDGE,
                        List.of("org.apache.felix.http:org.osgi.service.http.port=" + port),
                        Duration.ofSeconds(1)))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("port " + port + ", wanted for edge's monitor, is taken");
        assertThat(edge.process()).isEmpty();
    }
}
