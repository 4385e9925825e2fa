package io.pushgate.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.mailbox.NativeForms.Form;
import io.pushgate.testkit.Orders;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class NativeFormsTest {
    private final Dictionary first = Trained.variant(1).dictionary();
    private final Dictionary second = Trained.variant(2).dictionary();
    private final Dictionary third = Trained.variant(3).dictionary();
    private final List<Long> freed = new ArrayList<>();
    private final NativeForms<Long> forms = new NativeForms<>(2, Dictionary::id, freed::add);

    @Test
    void theOneThatWasNotNeededForLongestIsFreed() {
        forms.unpin(forms.pin(first));
        forms.unpin(forms.pin(second));
        forms.unpin(forms.pin(first));
        assertThat(freed).isEmpty();
        forms.unpin(forms.pin(third));
        assertThat(freed).containsExactly(second.id());
        assertThat(forms.size()).isEqualTo(2);
    }

    @Test
    void whatIsPinnedIsNeverFreed() {
        Form<Long> a = forms.pin(first);
        Form<Long> again = forms.pin(first);
        Form<Long> b = forms.pin(second);
        forms.unpin(forms.pin(third));
        assertThat(freed).containsExactly(third.id());
        Form<Long> c = forms.pin(third);
        forms.close();
        assertThat(freed).containsExactly(third.id());
        forms.unpin(a);
        forms.unpin(b);
        assertThat(freed).containsExactly(third.id(), second.id());
        forms.unpin(again);
        forms.unpin(c);
        assertThat(freed).containsExactly(third.id(), second.id(), first.id(), third.id());
        assertThat(forms.size()).isZero();
    }

    @Test
    void aContextPinsWhatItHasLoadedUntilItLoadsAnother() {
        List<String> closed = new ArrayList<>();
        LoadedContext<String, Long> context =
                new LoadedContext<>("context", (_, _) -> {}, closed::add, forms);
        context.with(first);
        forms.unpin(forms.pin(second));
        forms.unpin(forms.pin(third));
        assertThat(freed).containsExactly(second.id());
        context.with(third);
        forms.unpin(forms.pin(second));
        assertThat(freed).containsExactly(second.id(), first.id());
        forms.close();
        context.close();
        assertThat(closed).containsExactly("context");
        assertThat(freed).endsWith(third.id());
        assertThat(forms.size()).isZero();
    }

    @Test
    void whatCannotBeLoadedIsNotKeptPinned() {
        LoadedContext<String, Long> context =
                new LoadedContext<>(
                        "context",
                        (_, _) -> {
                            throw new IllegalStateException("no memory");
                        },
                        _ -> {},
                        forms);
        assertThatThrownBy(() -> context.with(first)).hasMessage("no memory");
        forms.close();
        assertThat(freed).containsExactly(first.id());
    }

    @Test
    void contextsFreeWhatTheyMade() {
        ZstdContexts contexts = new ZstdContexts(1, 4);
        for (int i = 0; i < 10; i++) {
            assertThat(roundTrips(contexts, Trained.variant(i).dictionary())).isTrue();
        }
        assertThat(contexts.forms()).isEqualTo(2 * 4);
        contexts.close();
        assertThat(contexts.forms()).isZero();
        assertThat(roundTrips(contexts, first)).isTrue();
        assertThat(contexts.forms()).isZero();
    }

    private static boolean roundTrips(ZstdContexts contexts, Dictionary dictionary) {
        byte[] order = new Orders(1).next();
        ZstdContexts.Context context = contexts.take();
        try {
            byte[] frame = context.compress(order, dictionary);
            return Arrays.equals(context.decompress(frame, order.length, dictionary), order);
        } finally {
            contexts.giveBack(context);
        }
    }
}
