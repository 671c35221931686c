import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves one page that shows how the app is configured: a file from a ConfigMap, a variable from a Secret. */
public final class HelloEdge {

    /** Args: port, file with the greeting. The file is read anew for each page, so a changed ConfigMap shows at once. */
    public static void main(String[] args) throws IOException {
        Path greeting = Path.of(args[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(args[0])), 16);
        server.createContext("/healthz", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            byte[] page = page(greeting).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            try (var out = exchange.getResponseBody()) {
                out.write(page);
            }
        });
        server.start();
        System.out.println("listening: port=" + args[0]);
    }

    private static String page(Path greeting) throws IOException {
        boolean secret = System.getenv().getOrDefault("HELLO_PASSWORD", "").length() > 0;
        return "<!doctype html><title>hello-edge</title><h1>" + Files.readString(greeting).strip() + "</h1>"
                + "<p>pod " + System.getenv("POD_NAME") + " on node " + System.getenv("NODE_NAME")
                + ", process " + ProcessHandle.current().pid()
                + ", password " + (secret ? "given" : "missing") + "</p>\n";
    }
}
