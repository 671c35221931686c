package io.skep.edged.internal.probe;

/**
 * What one try of a probe or a hook gave.
 *
 * @param verdict whether it passed; {@code UNKNOWN} when it could not be tried, which changes nothing
 * @param message why not; of one that passed, what was odd about it
 */
public record Outcome(Verdict verdict, String message) {

    /** The three possibilities. */
    public enum Verdict {
        PASSED,
        FAILED,
        UNKNOWN
    }

    static final Outcome PASSED = new Outcome(Verdict.PASSED, "");

    static Outcome passedBut(String message) {
        return new Outcome(Verdict.PASSED, message);
    }

    static Outcome failed(String message) {
        return new Outcome(Verdict.FAILED, message);
    }

    static Outcome unknown(String message) {
        return new Outcome(Verdict.UNKNOWN, message);
    }

    public boolean passed() {
        return verdict == Verdict.PASSED;
    }

    /** Why an action did not pass; {@code ""} when it did. */
    public String failure() {
        return passed() ? "" : message.isEmpty() ? "it did not succeed" : message;
    }
}
