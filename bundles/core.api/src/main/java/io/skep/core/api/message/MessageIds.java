package io.skep.core.api.message;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes message ids: random UUIDs (RFC 4122, version 4), as beehive's. They must be unique, not secret, so they don't pay
 * for the system's entropy each time: it gives the process its own half once, which keeps processes apart.
 */
final class MessageIds {

    private static final long VERSION_MASK = ~0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = ~(3L << 62);
    private static final long VARIANT = 1L << 63;
    private static final long PROCESS_HIGH;
    private static final long PROCESS_LOW;

    static {
        SecureRandom random = new SecureRandom();
        PROCESS_HIGH = random.nextLong();
        PROCESS_LOW = random.nextLong();
    }

    private MessageIds() {}

    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() ^ PROCESS_HIGH) & VERSION_MASK | VERSION_4;
        long low = (random.nextLong() ^ PROCESS_LOW) & VARIANT_MASK | VARIANT;
        return new UUID(high, low).toString();
    }
}
