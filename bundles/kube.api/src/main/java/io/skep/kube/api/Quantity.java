package io.skep.kube.api;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;

/**
 * An amount of CPU (cores) or memory (bytes) as Kubernetes writes it: {@code 500m}, {@code 128Mi}, {@code 1e3}.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/api/resource/quantity.go}.
 *
 * @param amount in cores, bytes or pieces
 */
public record Quantity(BigDecimal amount) {

    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("", BigDecimal.ONE),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    public Quantity {
        Objects.requireNonNull(amount, "amount");
    }

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST = new BigDecimal("1e-9");

    /** Digits before the point that are surely more than {@link #MOST} has, and zeros after it that {@link #LEAST} has. */
    private static final int MOST_DIGITS = 20;

    private static final int LEAST_ZEROS = -9;

    /**
     * Reads a quantity. One that is larger than a whole number can be, or finer than a billionth, is taken for that.
     *
     * @throws KubeException {@code Invalid} when it is none
     */
    public static Quantity parse(String text) {
        int end = text.length();
        while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
            end--;
        }
        BigDecimal factor = SUFFIXES.get(text.substring(end));
        try {
            if (factor != null) {
                return new Quantity(bounded(new BigDecimal(text.substring(0, end)).multiply(factor)));
            }
            return new Quantity(bounded(new BigDecimal(text)));
        } catch (NumberFormatException e) {
            throw new KubeException(
                    Status.of(
                            Status.INVALID,
                            422,
                            "quantities must match the regular expression"
                                    + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$': \"" + text + "\""),
                    e);
        }
    }

    /** Writing out the digits of {@code 1e999999999} would take all memory there is. */
    private static BigDecimal bounded(BigDecimal amount) {
        long digits = (long) amount.precision() - amount.scale();
        BigDecimal sign = BigDecimal.valueOf(amount.signum());
        if (amount.signum() == 0) {
            return BigDecimal.ZERO;
        }
        return digits > MOST_DIGITS ? sign.multiply(MOST) : digits < LEAST_ZEROS ? sign.multiply(LEAST) : amount;
    }

    /** In whole units, rounded up as Kubernetes does. */
    public long value() {
        return amount.setScale(0, RoundingMode.CEILING).longValue();
    }

    /** In thousandths, rounded up. */
    public long milliValue() {
        return amount.movePointRight(3).setScale(0, RoundingMode.CEILING).longValue();
    }
}
