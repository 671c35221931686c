package io.skep.launcher;

import io.skep.launcher.bench.BenchCommand;
import io.skep.launcher.command.DownCommand;
import io.skep.launcher.command.JoinCommand;
import io.skep.launcher.command.KubeconfigCommand;
import io.skep.launcher.command.KubectlCommand;
import io.skep.launcher.command.LogsCommand;
import io.skep.launcher.command.ShellCommand;
import io.skep.launcher.command.StatusCommand;
import io.skep.launcher.command.TokenCommand;
import io.skep.launcher.command.UpCommand;
import io.skep.launcher.command.Verbs;
import io.skep.launcher.command.VersionCommand;
import io.skep.launcher.demo.DemoCommand;
import io.skep.launcher.doctor.DoctorCommand;
import io.skep.launcher.host.UsageException;
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
        return Verbs.execute(new Main(), args);
    }
}
