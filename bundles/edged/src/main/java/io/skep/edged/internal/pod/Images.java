package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.RegistryAuth;
import java.util.Optional;

/**
 * Has an image at hand by the container's pull policy. Runs on a worker.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/images/image_manager.go}, reasons of {@code types.go}.
 */
final class Images {

    private Images() {}

    /**
     * An image that is here.
     *
     * @param reference how the runtime knows it
     * @param pulled whether it was fetched just now
     */
    record Ready(String reference, boolean pulled) {}

    /** Why an image can't be had, in kubelet's words. */
    record Refusal(String reason, String message) {}

    static Ready ensure(PodRuntime runtime, ContainerSpec container, Optional<RegistryAuth> auth)
            throws ContainerException {
        String image = container.image();
        if (image.isEmpty() || image.isBlank()) {
            throw new ContainerException(
                    ContainerException.Code.INVALID,
                    "Failed to apply default image tag \"" + image + "\": couldn't parse image name");
        }
        Optional<Image> here = runtime.imageStatus(image);
        String policy = container.pullPolicy();
        if (policy.equals("Never") && here.isEmpty()) {
            throw new ContainerException(
                    ContainerException.Code.NOT_FOUND,
                    "Container image \"" + image + "\" is not present with pull policy of Never");
        }
        if (here.isPresent() && !policy.equals("Always")) {
            return new Ready(image, false);
        }
        return new Ready(runtime.pullImage(image, auth), true);
    }

    static Refusal refusal(ContainerSpec container, Exception error) {
        String text = Errors.text(error);
        if (error instanceof ContainerException e && e.code() == ContainerException.Code.INVALID) {
            return new Refusal("InvalidImageName", text);
        }
        if (error instanceof ContainerException e && e.code() == ContainerException.Code.UNAVAILABLE) {
            return new Refusal("ImageInspectError", "Failed to inspect image \"" + container.image() + "\": " + text);
        }
        boolean never = container.pullPolicy().equals("Never");
        return new Refusal(
                never ? "ErrImageNeverPull" : "ErrImagePull",
                never ? text : "Failed to pull image \"" + container.image() + "\": " + text);
    }
}
