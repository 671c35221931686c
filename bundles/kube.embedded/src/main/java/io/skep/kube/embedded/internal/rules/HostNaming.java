package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How a pod finds others by name: its aliases and its DNS.
 *
 * <p>Source: Kubernetes {@code ValidateHostAliases} and {@code validatePodDNSConfig} in {@code pkg/apis/core/validation}.
 */
final class HostNaming {

    private static final int MOST_SERVERS = 3;
    private static final int MOST_SEARCHES = 32;
    private static final int LONGEST_SEARCHES = 2048;
    private static final String NONE = "None";
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

    private HostNaming() {}

    static void aliases(List<Doc> aliases, String path, Causes causes) {
        for (int i = 0; i < aliases.size(); i++) {
            address(aliases.get(i).text("ip"), path + "[" + i + "].ip", causes);
            List<String> names = aliases.get(i).texts("hostnames");
            for (int n = 0; n < names.size(); n++) {
                Names.subdomain(causes, path + "[" + i + "].hostnames[" + n + "]", names.get(n));
            }
        }
    }

    static void dns(Doc spec, String path, Causes causes) {
        Doc config = spec.object("dnsConfig");
        List<String> servers = config.texts("nameservers");
        if (spec.text("dnsPolicy").equals(NONE) && !spec.has("dnsConfig")) {
            causes.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
            return;
        }
        if (spec.text("dnsPolicy").equals(NONE) && servers.isEmpty()) {
            causes.required(path + ".nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
            return;
        }
        if (servers.size() > MOST_SERVERS) {
            causes.invalid(path + ".nameservers", servers, "must not have more than 3 nameservers");
        }
        for (int i = 0; i < servers.size(); i++) {
            address(servers.get(i), path + ".nameservers[" + i + "]", causes);
        }
        searches(config.texts("searches"), path + ".searches", causes);
        List<Doc> options = config.objects("options");
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).text("name").isEmpty()) {
                causes.required(path + ".options[" + i + "]", "must not be empty");
            }
        }
    }

    private static void searches(List<String> searches, String path, Causes causes) {
        if (searches.size() > MOST_SEARCHES) {
            causes.invalid(path, searches, "must not have more than 32 search paths");
        }
        if (String.join(" ", searches).length() > LONGEST_SEARCHES) {
            causes.invalid(
                    path, searches, "must not have more than 2048 characters (including spaces) in the search list");
        }
        for (int i = 0; i < searches.size(); i++) {
            String search = searches.get(i);
            Names.subdomain(
                    causes,
                    path + "[" + i + "]",
                    search.endsWith(".") ? search.substring(0, search.length() - 1) : search);
        }
    }

    private static void address(String text, String path, Causes causes) {
        if (!isAddress(text)) {
            causes.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    /** Never asks a name server: what comes as far as the parser is digits, dots and colons. */
    private static boolean isAddress(String text) {
        if (IPV4.matcher(text).matches()) {
            return List.of(text.split("\\.")).stream().allMatch(part -> Integer.parseInt(part) < 256);
        }
        try {
            return IPV6.matcher(text).matches() && InetAddress.getByName(text).getAddress().length > 0;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
