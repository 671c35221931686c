package io.skep.launcher;

import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The verbs of the {@code skep} command. */
@Command(
        name = "skep",
        description = "An edge platform with KubeEdge's roles and wire, in parts that can be replaced while it runs.",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            ShellCommand.class,
            KubectlCommand.class,
            KubeconfigCommand.class,
            TokenCommand.class,
            JoinCommand.class,
            DoctorCommand.class,
            VersionCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            HelpCommand.class
        })
public final class Main implements Runnable {

    private Main() {}

    /** Runs one verb and exits with its code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    @Override
    public void run() {
        throw new UsageException("name a verb; 'skep help' lists them");
    }

    static int run(String... args) {
        return execute(new Main(), args);
    }

    /** One clear line for what goes wrong, and the exit code. */
    static int execute(Object verbs, String... args) {
        CommandLine line = new CommandLine(verbs);
        // What follows a shell's command is the command's.
        Optional.ofNullable(line.getSubcommands().get("shell")).ifPresent(shell -> shell.setStopAtPositional(true));
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            PrintWriter err = command.getErr();
            err.println("skep: " + (e instanceof LauncherException ? e.getMessage() : e.toString()));
            return exitCode(e);
        });
        line.setParameterExceptionHandler((e, arguments) -> {
            CommandLine verb = e.getCommandLine();
            String help = verb.getParent() == null ? "help" : "help " + verb.getCommandName();
            verb.getErr().println("skep: " + e.getMessage() + "; see 'skep " + help + "'");
            return CommandLine.ExitCode.USAGE;
        });
        return line.execute(args);
    }

    private static int exitCode(Exception e) {
        if (e instanceof NotReadyException) {
            return NotReadyException.EXIT_CODE;
        }
        return e instanceof UsageException ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }
}
