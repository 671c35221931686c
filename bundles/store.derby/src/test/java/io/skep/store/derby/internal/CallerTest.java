package io.skep.store.derby.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks the store may be a bundle that is replaced. */
class CallerTest {

    private static final int COLLECTIONS = 5;

    @TempDir
    Path folder;

    /** Derby keeps things it makes at the first question: whatever they refer to must not be the caller's. */
    @Test
    void classLoaderOfWhoAskedFirstIsNotHeld() {
        Stores.make(folder);
        try (DerbyDocumentStore store = Stores.open(folder)) {
            WeakReference<ClassLoader> caller = askedBy(() -> store.get("pods", "default/web"));

            for (int i = 0; i < COLLECTIONS && caller.get() != null; i++) {
                System.gc();
            }

            assertThat(caller.get()).isNull();
        }
    }

    /** Has something done from within a class of a loader of its own. */
    private static WeakReference<ClassLoader> askedBy(Runnable question) {
        ClassLoader loader = new ClassLoader(CallerTest.class.getClassLoader()) {};
        InvocationHandler ask = (proxy, method, arguments) -> {
            question.run();
            return null;
        };
        ((Runnable) Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, ask)).run();
        return new WeakReference<>(loader);
    }
}
