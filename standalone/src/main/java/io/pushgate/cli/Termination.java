package io.pushgate.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an end that the main thread carries out itself. A shutdown
 * hook would run beside the hooks of libraries, and the exit code would be the signal's.
 */
final class Termination {
    private static final int INTERRUPTED = 130;

    private final Thread main;
    private final CountDownLatch asked = new CountDownLatch(1);
    private boolean waiting;

    private Termination(Thread main) {
        this.main = main;
    }

    /**
     * From now on the first signal interrupts the calling thread, unless that is in {@link #await},
     * and the second one ends the JVM at once.
     */
    static Termination install() {
        Termination termination = new Termination(Thread.currentThread());
        for (String signal : new String[] {"INT", "TERM", "HUP"}) {
            termination.handle(signal);
        }
        return termination;
    }

    /** Waits for the first signal; at once where it has come already. */
    void await() throws InterruptedException {
        synchronized (this) {
            waiting = true;
            if (Thread.interrupted() && !isAsked()) {
                throw new InterruptedException();
            }
        }
        asked.await();
    }

    /** Whether a signal has come. */
    boolean isAsked() {
        return asked.getCount() == 0;
    }

    private synchronized void onSignal() {
        if (isAsked()) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        asked.countDown();
        // Once it waits here, an interrupt would hit what comes after.
        if (!waiting) {
            main.interrupt();
        }
    }

    // By reflection: javac warns of sun.misc in a way that cannot be silenced.
    private void handle(String name) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(
                            handlerType.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("handle")) {
                                    onSignal();
                                }
                                return null;
                            });
            signalType
                    .getMethod("handle", signalType, handlerType)
                    .invoke(
                            null,
                            signalType.getConstructor(String.class).newInstance(name),
                            handler);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Logger log = LoggerFactory.getLogger(Termination.class);
            log.warn("signal {} will end the process without a drain", name, e);
        }
    }
}
