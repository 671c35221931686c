package io.skep.kube.rest.internal.api;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

/** A connection that takes everything at once and remembers whether it was given back. */
final class FakeConnection extends ServletOutputStream {

    private final List<byte[]> written;
    private boolean completed;

    FakeConnection(List<byte[]> written) {
        this.written = written;
    }

    AsyncContext context() {
        return (AsyncContext) Proxy.newProxyInstance(
                AsyncContext.class.getClassLoader(),
                new Class<?>[] {AsyncContext.class},
                (proxy, method, arguments) -> {
                    completed |= method.getName().equals("complete");
                    return null;
                });
    }

    boolean completed() {
        return completed;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        // the test plays the container
    }

    @Override
    public void write(int b) {
        written.add(new byte[] {(byte) b});
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        written.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
