package io.skep.edged.internal;

import io.skep.runtime.api.FakePodRuntime;
import io.skep.runtime.api.PodRuntime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** The fake runtime, with containers that hear but do not heed: only a kill ends them. */
final class Obstinate {

    private final FakePodRuntime fake;
    private final List<String> asked = new ArrayList<>();

    Obstinate(FakePodRuntime fake) {
        this.fake = fake;
    }

    /** Ids of the containers that were asked to end, in order. */
    List<String> asked() {
        return asked;
    }

    PodRuntime runtime() {
        return (PodRuntime) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PodRuntime.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "askToStop" -> {
                            asked.add((String) arguments[0]);
                            return true;
                        }
                        case "equals" -> {
                            return proxy == arguments[0];
                        }
                        default -> {
                            try {
                                return method.invoke(fake, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }
                    }
                });
    }
}
