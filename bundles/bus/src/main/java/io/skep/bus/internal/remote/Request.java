package io.skep.bus.internal.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.util.regex.Pattern;

/**
 * An upgrade the cloud asks for.
 *
 * @param id the asker's name for it; one id is one upgrade, however often it is asked for
 * @param module the module to be replaced
 * @param checksum SHA-256 of the package, in hexadecimal
 * @param bytes the package's size
 * @param force whether a lower version is taken too
 */
record Request(String id, String module, String checksum, long bytes, boolean force) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");
    private static final long MAX_BYTES = 64L << 20;

    /** @throws EdgeException {@code INVALID} or {@code TOO_LARGE} for one that can't be served */
    Request {
        if (!ID.matcher(id).matches() || !CHECKSUM.matcher(checksum).matches() || module.isEmpty() || bytes < 1) {
            throw new EdgeException(Reason.INVALID, "the request names no id, module, SHA-256 and size");
        }
        if (bytes > MAX_BYTES) {
            throw new EdgeException(
                    Reason.TOO_LARGE, "the package is larger than the " + (MAX_BYTES >> 20) + " MiB allowed");
        }
    }

    static Request read(String id, JsonNode tree) {
        return new Request(
                id,
                tree.path("module").asText(),
                tree.path("sha256").asText(),
                tree.path("bytes").asLong(),
                tree.path("force").asBoolean());
    }
}
