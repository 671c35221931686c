package io.skep.launcher.command;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.NotReadyException;
import io.skep.launcher.host.UsageException;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;

/** How a command line is read, and what it ends with. */
public final class Verbs {

    private Verbs() {}

    /** Runs one, and says what goes wrong in one clear line; returns the exit code. */
    public static int execute(Object verbs, String... arguments) {
        CommandLine line = new CommandLine(verbs);
        // What follows a shell's command is the command's.
        Optional.ofNullable(line.getSubcommands().get("shell")).ifPresent(shell -> shell.setStopAtPositional(true));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            PrintWriter err = command.getErr();
            err.println("skep: " + (e instanceof LauncherException ? e.getMessage() : e.toString()));
            return exitCode(e);
        });
        line.setParameterExceptionHandler((e, parsed) -> {
            CommandLine verb = e.getCommandLine();
            String help = verb.getParent() == null ? "help" : "help " + verb.getCommandName();
            verb.getErr().println("skep: " + e.getMessage() + "; see 'skep " + help + "'");
            return CommandLine.ExitCode.USAGE;
        });
        return line.execute(arguments);
    }

    private static int exitCode(Exception e) {
        if (e instanceof NotReadyException) {
            return NotReadyException.EXIT_CODE;
        }
        return e instanceof UsageException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
