package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.Linux;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerConfig.Propagation;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import io.skep.runtime.api.SecurityContext.SeLinux;
import io.skep.runtime.cri.internal.wire.Cri;
import io.skep.runtime.cri.internal.wire.Cri.SecurityProfile.ProfileType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an engine is asked to make, where a test's engine can't show it: this kernel may lack the module. */
class ContainerConfigTest {

    private static Cri.ContainerConfig asked(List<Mount> mounts, Confinement confinement) {
        ContainerConfig plain = FakePods.container("web");
        SecurityContext security =
                new SecurityContext(RunAs.DEFAULT, false, false, false, Capabilities.DEFAULT, confinement);
        return ToCri.container(
                new ContainerConfig(
                        plain.metadata(),
                        plain.image(),
                        plain.program(),
                        mounts,
                        plain.labels(),
                        plain.annotations(),
                        plain.streams(),
                        new Linux(Resources.NONE, security, "")),
                Cri.PodSandboxConfig.getDefaultInstance(),
                Map.of());
    }

    private static Cri.LinuxContainerSecurityContext asked(Confinement confinement) {
        return asked(List.of(), confinement).getLinux().getSecurityContext();
    }

    @ParameterizedTest
    @CsvSource({
        "PRIVATE, PROPAGATION_PRIVATE",
        "HOST_TO_CONTAINER, PROPAGATION_HOST_TO_CONTAINER",
        "BIDIRECTIONAL, PROPAGATION_BIDIRECTIONAL"
    })
    void mountIsAsPrivateAsItsPodSays(Propagation said, Cri.MountPropagation asked) {
        Cri.Mount mount = asked(List.of(new Mount("/a", "/b", false, said, false)), Confinement.NONE)
                .getMounts(0);

        assertThat(mount.getPropagation()).isEqualTo(asked);
        assertThat(mount.getSelinuxRelabel()).isFalse();
    }

    @Test
    void onlyWhatIsThePodsOwnMayBeLabelledAnew() {
        List<Mount> mounts =
                List.of(new Mount("/a", "/b", false, Propagation.PRIVATE, true), new Mount("/c", "/d", false));

        assertThat(asked(mounts, Confinement.NONE).getMountsList())
                .extracting(Cri.Mount::getSelinuxRelabel)
                .containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource({"RuntimeDefault, RuntimeDefault, ''", "Unconfined, Unconfined, ''", "Localhost/mine, Localhost, mine"})
    void profileOfAppArmorIsNamed(String said, ProfileType type, String name) {
        Cri.SecurityProfile profile =
                asked(new Confinement("", said, Optional.empty())).getApparmor();

        assertThat(profile.getProfileType()).isEqualTo(type);
        assertThat(profile.getLocalhostRef()).isEqualTo(name);
    }

    @Test
    void engineChoosesWhatIsNotSaid() {
        assertThat(asked(Confinement.NONE).hasApparmor()).isFalse();
        assertThat(asked(Confinement.NONE).hasSelinuxOptions()).isFalse();
    }

    @Test
    void labelOfSeLinuxIsTold() {
        SeLinux label = new SeLinux("", "", "spc_t", "s0:c1,c2");

        Cri.SELinuxOption asked =
                asked(new Confinement("", "", Optional.of(label))).getSelinuxOptions();

        assertThat(asked.getType()).isEqualTo("spc_t");
        assertThat(asked.getLevel()).isEqualTo("s0:c1,c2");
    }
}
