package io.skep.edged.internal.link;

/** What went wrong, for people. */
public final class Errors {

    private Errors() {}

    /** What the error says, or what kind it is when it says nothing. */
    public static String text(Exception error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
