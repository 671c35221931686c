package io.skep.runtime.api;

import java.util.List;

/**
 * A command somebody watches while it runs.
 *
 * @param command its words, at least one
 * @param stdin whether it is given input
 * @param stdout whether its output is wanted
 * @param stderr whether its complaints are wanted; not with a terminal, which makes one stream of both
 * @param tty whether it runs on a terminal of its own
 */
public record ExecRequest(List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {

    public ExecRequest {
        command = List.copyOf(command);
        if (tty && stderr) {
            throw new IllegalArgumentException("a terminal has no separate stderr");
        }
    }
}
