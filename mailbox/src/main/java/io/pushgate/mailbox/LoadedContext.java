package io.pushgate.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A context of zstd and the dictionary that it has loaded last, which stays pinned until it has
 * loaded another or is closed. One thread at a time.
 */
final class LoadedContext<C, F> implements AutoCloseable {
    private final C zstd;
    private final BiConsumer<C, F> load;
    private final Consumer<C> free;
    private final NativeForms<F> forms;
    private @Nullable Dictionary dictionary;
    private NativeForms.@Nullable Form<F> form;

    LoadedContext(C zstd, BiConsumer<C, F> load, Consumer<C> free, NativeForms<F> forms) {
        this.zstd = zstd;
        this.load = load;
        this.free = free;
        this.forms = forms;
    }

    /** The context with the dictionary loaded. */
    C with(Dictionary wanted) {
        if (dictionary != wanted) {
            NativeForms.Form<F> next = forms.pin(wanted);
            try {
                load.accept(zstd, next.zstd());
            } catch (RuntimeException e) {
                forms.unpin(next);
                throw e;
            }
            unpin();
            dictionary = wanted;
            form = next;
        }
        return zstd;
    }

    private void unpin() {
        NativeForms.Form<F> before = form;
        if (before != null) {
            forms.unpin(before);
        }
    }

    @Override
    public void close() {
        free.accept(zstd);
        unpin();
    }
}
