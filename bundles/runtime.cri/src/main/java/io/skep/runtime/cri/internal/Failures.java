package io.skep.runtime.cri.internal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;

/** Says an engine's failure in the port's words. */
final class Failures {

    private Failures() {}

    /** {@code otherwise} is what a failure means that the engine gives no telling code. */
    static ContainerException of(String what, StatusRuntimeException e, Code otherwise) {
        String text = "cannot " + what + ": " + text(e.getStatus());
        return new ContainerException(code(e.getStatus(), otherwise), text, e);
    }

    static boolean notFound(StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.NOT_FOUND;
    }

    static boolean unimplemented(Throwable e) {
        return Status.fromThrowable(e).getCode() == Status.Code.UNIMPLEMENTED;
    }

    private static Code code(Status status, Code otherwise) {
        return switch (status.getCode()) {
            case NOT_FOUND -> otherwise == Code.IMAGE_UNAVAILABLE ? otherwise : Code.NOT_FOUND;
            case UNAVAILABLE, CANCELLED ->
                otherwise == Code.IMAGE_UNAVAILABLE && status.getCause() == null ? otherwise : Code.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> Code.TIMEOUT;
            case INVALID_ARGUMENT -> Code.INVALID;
            case OK,
                    UNKNOWN,
                    ALREADY_EXISTS,
                    PERMISSION_DENIED,
                    RESOURCE_EXHAUSTED,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INTERNAL,
                    DATA_LOSS,
                    UNAUTHENTICATED -> invalidName(status) ? Code.INVALID : otherwise;
        };
    }

    /** containerd answers a malformed image name with UNKNOWN. */
    private static boolean invalidName(Status status) {
        return text(status).contains("invalid reference format");
    }

    private static String text(Status status) {
        String text = status.getDescription() == null ? status.getCode().toString() : status.getDescription();
        // What was cancelled has its reason as description, and once more as cause
        return status.getCause() == null || status.getCause() instanceof StatusRuntimeException
                ? text
                : text + " (" + status.getCause().getMessage() + ")";
    }
}
