package io.skep.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigCommandTest {

    @TempDir
    Path folder;

    private Home home;

    @BeforeEach
    void distribution() throws IOException {
        for (String inner : new String[] {"etc", "roles/edge", "roles/cloud"}) {
            Files.createDirectories(folder.resolve(inner));
        }
        home = new Home(folder, folder.resolve("instances"));
    }

    @Test
    void nodeWhoseApiIsOffIsToldHowToSwitchItOn() {
        home.instance("edge").create(Role.EDGE);

        assertThatThrownBy(() -> KubeconfigCommand.edge(home))
                .isInstanceOf(LauncherException.class)
                .hasMessageEndingWith("skep shell --name edge feature:install edge-metaserver");
    }

    @Test
    void kubeconfigIsTheInstances() throws IOException {
        home.instance("edge").create(Role.EDGE);
        Path file = Files.writeString(home.instance("edge").data().resolve("kube/admin.kubeconfig"), "");

        assertThat(KubeconfigCommand.edge(home)).isEqualTo(file);
    }

    @Test
    void cloudIsNotTakenForANode() {
        home.instance("cloud").create(Role.CLOUD);

        assertThatThrownBy(() -> KubeconfigCommand.edge(home)).hasMessageContaining("no instance yet");
    }
}
