package io.skep.runtime.process.internal;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids that never come again, in the form container engines give them. */
final class Ids {

    private static final int BYTES = 32;

    private Ids() {}

    static String next() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
