package io.skep.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Home;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "token",
        description = "Prints the token a node joins the local cloud with, as keadm gettoken does.",
        mixinStandardHelpOptions = true)
public final class TokenCommand implements Callable<Integer> {

    public static final String SECRET = "/api/v1/namespaces/kubeedge/secrets/tokensecret";

    @Override
    public Integer call() {
        System.out.println(token(KubeApi.of(KubeconfigCommand.cloud(Home.fromSystem()))));
        return 0;
    }

    public static String token(KubeApi api) {
        JsonNode secret = api.get(SECRET)
                .orElseThrow(() -> new LauncherException("the cloud has no join token yet: its hub is not up"));
        byte[] text = Base64.getDecoder().decode(secret.at("/data/tokendata").asText());
        return new String(text, StandardCharsets.UTF_8).strip();
    }
}
