package io.skep.edged.internal.pressure;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;

/**
 * Below which figure there is pressure.
 *
 * @param signal what is watched
 * @param amount bytes or pieces; 0 when it is a part
 * @param part of the capacity; 0 when it is an amount
 */
public record Threshold(Signal signal, long amount, BigDecimal part) {
    public Threshold {
        Objects.requireNonNull(signal, "signal");
        Objects.requireNonNull(part, "part");
    }

    /**
     * Reads {@code 100Mi} or {@code 10%}; empty for an empty text, which switches it off.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static Optional<Threshold> parse(Signal signal, String text) {
        String value = text.trim();
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (!value.endsWith("%")) {
                return Optional.of(
                        new Threshold(signal, positive(Quantity.parse(value).value()), BigDecimal.ZERO));
            }
            BigDecimal percent =
                    new BigDecimal(value.substring(0, value.length() - 1).trim());
            if (percent.signum() > 0 && percent.compareTo(BigDecimal.valueOf(100)) < 0) {
                return Optional.of(new Threshold(signal, 0, percent.movePointLeft(2)));
            }
        } catch (KubeException | NumberFormatException e) {
            throw refused(signal, text, e);
        }
        throw refused(signal, text, null);
    }

    private static long positive(long value) {
        if (value <= 0) {
            throw new NumberFormatException("not positive");
        }
        return value;
    }

    private static IllegalArgumentException refused(Signal signal, String text, Exception cause) {
        return new IllegalArgumentException(
                "eviction." + signal.word() + " must be an amount as 100Mi, a part as 10%, or empty, is " + text,
                cause);
    }

    /** What must be available of so much. */
    public long of(long capacity) {
        return part.signum() == 0
                ? amount
                : part.multiply(BigDecimal.valueOf(capacity)).longValue();
    }

    boolean met(Reading reading) {
        return reading.capacity() > 0 && reading.available() < of(reading.capacity());
    }
}
