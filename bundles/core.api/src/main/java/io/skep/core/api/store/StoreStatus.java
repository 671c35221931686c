package io.skep.core.api.store;

import java.util.Objects;
import java.util.Optional;

/**
 * How a store is.
 *
 * @param writable whether writes succeed now; reads may work while it is false
 * @param reason one word in CamelCase, for example {@code Ready}, {@code DiskFull} or {@link #FAILED}
 * @param message one sentence for an operator, or {@code ""}
 * @param setAside where a damaged database was moved at start, if one was found; what it held must be fetched anew
 */
public record StoreStatus(boolean writable, String reason, String message, Optional<String> setAside) {

    /** Reason of a store whose disk or database is at fault; it is tried again and again. */
    public static final String FAILED = "Failed";

    public StoreStatus {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(setAside, "setAside");
    }
}
