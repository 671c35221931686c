package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.Image;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images are pulled, told, named and removed. */
class CriRuntimeImagesTest extends OnRealEngine {

    @Test
    void imageThatIsNotThereCannotBePulledOffline() throws Exception {
        assertThat(runtime().imageStatus("localhost:1/none:1")).isEmpty();
        assertThatThrownBy(() -> runtime().pullImage("localhost:1/none:1", Optional.empty()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.IMAGE_UNAVAILABLE));
        assertThatThrownBy(() -> runtime().pullImage("Not A Name", Optional.empty()))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.INVALID));
        assertThat(runtime().imageStatus(image()).orElseThrow().tags()).contains(image());
    }

    // kubectl and image collection know an image by its digest, not by the name it was asked for.
    @Test
    void containerNamesItsImageByDigest() throws Exception {
        assertThat(status(running("web")).imageRef()).contains("sha256:");
    }

    @Test
    void imagesLieInAFolderAndAnUnusedOneIsRemovedByItsId() throws Exception {
        String name = "docker.io/skep/unused:1";
        engine.containerd().importOther(name);
        Image unused = image(name).orElseThrow();

        assertThat(unused.pinned()).isFalse();
        assertThat(runtime().imageFolder())
                .hasValueSatisfying(folder -> assertThat(folder).isDirectory());
        assertThat(image("docker.io/skep/pause:1"))
                .hasValueSatisfying(pause -> assertThat(pause.pinned()).isTrue());
        runtime().removeImage(unused.id());

        Eventually.holds("the image is gone", () -> image(name).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"1234, 1234", "1234:5678, 1234", "app, app", "0, 0", "'', ''"})
    void imageTellsWhomItsContainersRunAs(String configured, String told) throws Exception {
        String name = "docker.io/skep/somebodys:1";
        engine.containerd().importAs(name, configured);

        Eventually.holds(
                "the engine knows it",
                () -> runtime().imageStatus(name).map(Image::user).equals(Optional.of(told)));
        assertThat(image(name).orElseThrow().user()).isEqualTo(told);
    }

    private Optional<Image> image(String name) throws ContainerException {
        return runtime().listImages().stream()
                .filter(each -> each.tags().contains(name))
                .findFirst();
    }
}
