package io.skep.launcher.command;

import io.skep.launcher.instance.Home;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Prints the versions of Skep and of the JVM it would run on.")
public final class VersionCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        System.out.println("skep " + Home.fromSystem().version() + ", java " + Runtime.version());
        return 0;
    }
}
