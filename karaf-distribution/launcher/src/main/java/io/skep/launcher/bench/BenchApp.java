package io.skep.launcher.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The app of {@code bench restart}: says its process id to whoever connects to the port it is given, and hangs up. */
public final class BenchApp {

    private BenchApp() {}

    /** @param args the port, on loopback */
    public static void main(String[] args) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 16, InetAddress.getLoopbackAddress())) {
            while (true) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(pid);
                }
            }
        }
    }
}
