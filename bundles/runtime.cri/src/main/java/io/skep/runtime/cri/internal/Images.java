package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.RegistryAuth;
import io.skep.runtime.cri.internal.wire.Cri;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The engine's images. Thread-safe. */
final class Images {

    private final Calls calls;
    private final CriSettings settings;
    private volatile Optional<Path> folder = Optional.empty();

    Images(Calls calls, CriSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    Optional<Image> status(String image) throws ContainerException {
        Cri.ImageStatusResponse answer = calls.image(
                "look for image " + image,
                settings.call(),
                stub -> stub.imageStatus(Cri.ImageStatusRequest.newBuilder()
                        .setImage(ToCri.image(image))
                        .build()));
        return answer.hasImage() ? Optional.of(FromCri.image(answer.getImage())) : Optional.empty();
    }

    String pull(String image, Optional<RegistryAuth> auth) throws ContainerException {
        Cri.PullImageRequest.Builder request = Cri.PullImageRequest.newBuilder().setImage(ToCri.image(image));
        auth.map(ToCri::auth).ifPresent(request::setAuth);
        return calls.image("pull image " + image, settings.pull(), stub -> stub.pullImage(request.build()))
                .getImageRef();
    }

    List<Image> all() throws ContainerException {
        return calls
                .image(
                        "list images",
                        settings.call(),
                        stub -> stub.listImages(Cri.ListImagesRequest.getDefaultInstance()))
                .getImagesList()
                .stream()
                .map(FromCri::image)
                .toList();
    }

    /** Where the engine keeps them; it does not move while it is there. */
    Optional<Path> folder() throws ContainerException {
        if (folder.isEmpty()) {
            folder = calls
                    .image(
                            "ask where the images lie",
                            settings.call(),
                            stub -> stub.imageFsInfo(Cri.ImageFsInfoRequest.getDefaultInstance()))
                    .getImageFilesystemsList()
                    .stream()
                    .map(each -> each.getFsId().getMountpoint())
                    .filter(point -> !point.isEmpty())
                    .findFirst()
                    .map(Path::of);
        }
        return folder;
    }

    void remove(String image) throws ContainerException {
        calls.image(
                "remove image " + image,
                settings.call(),
                stub -> stub.removeImage(Cri.RemoveImageRequest.newBuilder()
                        .setImage(ToCri.image(image))
                        .build()));
    }
}
