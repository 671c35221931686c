package io.skep.monitor.internal;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One GET at a servlet, without a container: as much of the interfaces as our servlets use, the rest fails. */
final class Http {

    /** What came back. */
    record Reply(int status, String type, String body) {}

    private final List<Integer> status = new ArrayList<>();
    private final List<String> type = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private Http() {}

    static Reply get(Servlet servlet, String... parameters) throws Exception {
        Http http = new Http();
        HttpServletRequest request =
                proxy(HttpServletRequest.class, (proxy, method, args) -> switch (method.getName()) {
                    case "getMethod" -> "GET";
                    case "getParameter" -> List.of(parameters).contains(args[0]) ? "" : null;
                    default -> throw new UnsupportedOperationException(method.toString());
                });
        HttpServletResponse response =
                proxy(HttpServletResponse.class, (proxy, method, args) -> http.respond(method.getName(), args));
        servlet.service(request, response);
        return new Reply(http.status.get(0), http.type.get(0), http.body.toString(StandardCharsets.UTF_8));
    }

    private Object respond(String method, Object[] args) {
        switch (method) {
            case "setStatus" -> status.add((Integer) args[0]);
            case "setContentType" -> type.add((String) args[0]);
            case "setHeader", "setContentLength" -> {}
            case "getOutputStream" -> {
                return new Recorder();
            }
            default -> throw new UnsupportedOperationException(method);
        }
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private final class Recorder extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int b) {
            body.write(b);
        }
    }
}
