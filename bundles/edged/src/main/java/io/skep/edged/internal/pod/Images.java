package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Image;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.RegistryAuth;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * Has an image at hand by the container's pull policy. Runs on a worker.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/images/image_manager.go}, reasons of {@code types.go}.
 */
final class Images {

    private static final String INSPECT_FAILED = "InspectFailed";
    private static final String NEVER = "ErrImageNeverPull";

    private Images() {}

    /** A pull that went well: what it took, alone and from when it was asked for, and how large the image is. */
    record Pull(Duration took, Duration sinceAsked, long sizeBytes) {}

    /**
     * An image that is here.
     *
     * @param reference how the runtime knows it
     * @param pull how it was fetched just now; empty when it was here
     */
    record Ready(String reference, Optional<Pull> pull) {

        /** For an event. */
        String told(String image) {
            return pull.map(p -> "Successfully pulled image \"" + image + "\" in " + goText(p.took()) + " ("
                            + goText(p.sinceAsked()) + " including waiting). Image size: " + p.sizeBytes() + " bytes.")
                    .orElse("Container image \"" + image + "\" already present on machine");
        }
    }

    /** Why an image can't be had, in kubelet's words: the container's reason, that of the event, one sentence. */
    record Refusal(String reason, String event, String message) {}

    /**
     * Looks for the image, and pulls it when the policy says so.
     *
     * @param begins run when a pull begins
     * @param asked when it was asked for, by {@link System#nanoTime}
     */
    static Ready ensure(
            PodRuntime runtime, ContainerSpec container, Optional<RegistryAuth> auth, Runnable begins, long asked)
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
            return new Ready(image, Optional.empty());
        }
        begins.run();
        long began = System.nanoTime();
        String reference = runtime.pullImage(image, auth);
        long ended = System.nanoTime();
        long size = runtime.imageStatus(image).map(Image::sizeBytes).orElse(0L);
        return new Ready(
                reference,
                Optional.of(new Pull(Duration.ofNanos(ended - began), Duration.ofNanos(ended - asked), size)));
    }

    /** As Go prints a duration, to the millisecond. */
    private static String goText(Duration duration) {
        if (duration.toMillis() == 0) {
            return "0s";
        }
        if (duration.toSeconds() == 0) {
            return duration.toMillis() + "ms";
        }
        String seconds = BigDecimal.valueOf(duration.toSecondsPart() * 1000L + duration.toMillisPart(), 3)
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
        String minutes = duration.toMinutes() == 0 ? "" : duration.toMinutesPart() + "m";
        return (duration.toHours() == 0 ? "" : duration.toHours() + "h") + minutes + seconds;
    }

    static Refusal refusal(ContainerSpec container, Exception error) {
        String text = Errors.text(error);
        if (error instanceof ContainerException e && e.code() == ContainerException.Code.INVALID) {
            return new Refusal("InvalidImageName", INSPECT_FAILED, text);
        }
        if (error instanceof ContainerException e && e.code() == ContainerException.Code.UNAVAILABLE) {
            return new Refusal(
                    "ImageInspectError",
                    INSPECT_FAILED,
                    "Failed to inspect image \"" + container.image() + "\": " + text);
        }
        return container.pullPolicy().equals("Never")
                ? new Refusal(NEVER, NEVER, text)
                : new Refusal("ErrImagePull", "Failed", "Failed to pull image \"" + container.image() + "\": " + text);
    }
}
