package io.skep.launcher.command;

import io.skep.launcher.host.UsageException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a cloud is.
 *
 * @param host name or address, an IPv6 address in brackets
 * @param port of the hub
 * @param certificatePort of enrolment
 */
public record CloudAddress(String host, int port, int certificatePort) {

    private static final int HUB = 10000;

    /** From {@code host} or {@code host:port}. */
    public static CloudAddress parse(String text, int certificatePort) {
        try {
            URI uri = new URI("wss://" + text);
            if (uri.getHost() == null || !uri.getAuthority().equals(text) || uri.getUserInfo() != null) {
                throw bad(text);
            }
            return new CloudAddress(uri.getHost(), uri.getPort() < 0 ? HUB : uri.getPort(), certificatePort);
        } catch (URISyntaxException e) {
            throw bad(text);
        }
    }

    private static UsageException bad(String text) {
        return new UsageException("'" + text + "' is no address of a cloud: write host or host:port");
    }

    public String https() {
        return "https://" + host + ":" + certificatePort;
    }

    public String webSocket() {
        return "wss://" + host + ":" + port;
    }
}
