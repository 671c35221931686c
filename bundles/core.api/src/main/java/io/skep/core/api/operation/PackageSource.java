package io.skep.core.api.operation;

import java.util.Locale;
import java.util.Objects;

/**
 * Where a module's package is to be had, and what it must be.
 *
 * @param address a file's absolute path, or a {@code file:} or {@code mvn:} address
 * @param checksum SHA-256 the file must have, 64 hexadecimal digits in lower case; {@code ""} when nobody told it
 */
public record PackageSource(String address, String checksum) {

    /** Takes the digits in either case. */
    public PackageSource {
        Objects.requireNonNull(address, "address");
        checksum = checksum.strip().toLowerCase(Locale.ROOT);
    }

    /** A package nothing is known of but where it lies. */
    public static PackageSource of(String address) {
        return new PackageSource(address, "");
    }
}
