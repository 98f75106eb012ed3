package io.sparring.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Makes an implementation of a large interface of a class that has the few of its methods that are used. */
final class Fakes {

    private static final Map<Class<?>, Map<Method, Optional<Method>>> METHODS = new ConcurrentHashMap<>();

    private Fakes() {
    }

    /** @param target has methods of the same names and parameters; any other that is called is an error that names it */
    static <T> T of(Class<T> type, Object target) {
        Map<Method, Optional<Method>> methods = METHODS.computeIfAbsent(target.getClass(), each -> new ConcurrentHashMap<>());
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Method own = methods.computeIfAbsent(method, called -> find(target, called)).orElseThrow(() ->
                    new UnsupportedOperationException("not simulated: " + method));
            try {
                return own.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Optional<Method> find(Object target, Method called) {
        return Arrays.stream(target.getClass().getDeclaredMethods()).filter(method -> method.getName().equals(called.getName())
                && Arrays.equals(method.getParameterTypes(), called.getParameterTypes())).findFirst();
    }
}
