package io.pushgate.mailbox;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Dictionaries in the form that zstd works with, which lies outside the heap: made when one is
 * needed first, and freed here, as the collector has no reason to hurry for the few bytes that it
 * sees of it. A context refers to the form that it has loaded, so it pins it: memory that is pinned
 * is never freed. Of the others so many are kept, those that were pinned last.
 *
 * <p>Any thread. Who needs a form waits while another thread makes one.
 */
final class NativeForms<F> implements AutoCloseable {
    private final int keep;
    private final Function<Dictionary, F> make;
    private final Consumer<F> free;

    /** By identity; the least recently pinned come first. */
    private final Map<Dictionary, Form<F>> forms = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    /** A form that the holder may use until it is unpinned, and no longer. */
    static final class Form<F> {
        private final F zstd;
        private int pins;

        private Form(F zstd) {
            this.zstd = zstd;
        }

        F zstd() {
            return zstd;
        }
    }

    /**
     * @param keep how many there may be; more only while more are pinned
     */
    NativeForms(int keep, Function<Dictionary, F> make, Consumer<F> free) {
        this.keep = keep;
        this.make = make;
        this.free = free;
    }

    synchronized Form<F> pin(Dictionary dictionary) {
        Form<F> form = forms.get(dictionary);
        if (form == null) {
            form = new Form<>(make.apply(dictionary));
            forms.put(dictionary, form);
        }
        form.pins++;
        evict();
        return form;
    }

    /** Called once for each {@link #pin}, when nothing refers to the form any more. */
    synchronized void unpin(Form<F> form) {
        form.pins--;
        evict();
    }

    private void evict() {
        int most = closed ? 0 : keep;
        Iterator<Form<F>> eldest = forms.values().iterator();
        while (forms.size() > most && eldest.hasNext()) {
            Form<F> form = eldest.next();
            if (form.pins == 0) {
                eldest.remove();
                free.accept(form.zstd);
            }
        }
    }

    /** How many there are at the moment. */
    synchronized int size() {
        return forms.size();
    }

    /** Frees those that nobody has pinned now, and the others when they are unpinned. */
    @Override
    public synchronized void close() {
        closed = true;
        evict();
    }
}
