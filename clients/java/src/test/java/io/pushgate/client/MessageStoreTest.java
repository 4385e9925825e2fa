package io.pushgate.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.protocol.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class MessageStoreTest {
    @TempDir Path folder;

    @Test
    void memoryForgetsTheOldestBeyondItsBound() {
        MessageStore store = MessageStore.inMemory(3);
        assertThat(store.lastId()).isNull();
        remember(store, 1, 4);
        assertThat(store.find("m-1")).isNull();
        assertThat(store.find("m-2")).isEqualTo(new Position(2, 0));
        assertThat(store.find("m-4")).isEqualTo(new Position(4, 0));
        assertThat(store.lastId()).isEqualTo("m-4");
    }

    @Test
    void anIdUsedAgainCountsAsNew() {
        MessageStore store = MessageStore.inMemory(2);
        remember(store, 1, 2);
        store.remember("m-1", new Position(9, 0));
        store.remember("m-3", new Position(10, 0));
        assertThat(store.find("m-1")).isEqualTo(new Position(9, 0));
        assertThat(store.find("m-2")).isNull();
    }

    @Test
    void theFileOutlivesTheProcess() throws IOException {
        Path file = folder.resolve("new/folder/ids");
        try (FileMessageStore store = FileMessageStore.open(file, 10)) {
            remember(store, 1, 5);
        }
        try (FileMessageStore store = FileMessageStore.open(file, 10)) {
            assertThat(store.lastId()).isEqualTo("m-5");
            assertThat(store.find("m-1")).isEqualTo(new Position(1, 0));
            remember(store, 6, 6);
        }
        assertThat(Files.readAllLines(file)).hasSize(6).endsWith("6-0 m-6");
    }

    @Test
    void theFileStaysBounded() throws IOException {
        Path file = folder.resolve("ids");
        try (FileMessageStore store = FileMessageStore.open(file, 10)) {
            for (int i = 1; i <= 1_000; i++) {
                remember(store, i, i);
                assertThat(Files.size(file)).isLessThan(20 * 12);
            }
            assertThat(store.find("m-990")).isNull();
            assertThat(store.find("m-991")).isNotNull();
        }
        try (FileMessageStore store = FileMessageStore.open(file, 10)) {
            assertThat(store.lastId()).isEqualTo("m-1000");
            assertThat(store.find("m-990")).isNull();
            assertThat(store.find("m-991")).isNotNull();
        }
    }

    @Test
    void aTornLastLineIsCutOffWhereverItTears() throws IOException {
        String whole = "1-0 m-1\n2-0 m-2\n";
        String torn = "3-0 m-33\n";
        for (int length = 0; length < torn.length(); length++) {
            Path file = folder.resolve("torn-" + length);
            Files.writeString(file, whole + torn.substring(0, length));
            try (FileMessageStore store = FileMessageStore.open(file, 10)) {
                assertThat(store.lastId()).isEqualTo("m-2");
                store.remember("m-4", new Position(4, 0));
            }
            assertThat(Files.readString(file)).isEqualTo(whole + "4-0 m-4\n");
        }
    }

    @Test
    void linesThatMakeNoSenseAreSkipped() throws IOException {
        Path file = folder.resolve("ids");
        Files.writeString(file, "1-0 m-1\n\0\0\0\nno position\n3-0 m 3\n-1 x\n2-0 m-2\n");
        try (FileMessageStore store = FileMessageStore.open(file, 10)) {
            assertThat(store.lastId()).isEqualTo("m-2");
            assertThat(store.find("m-1")).isNotNull();
        }
    }

    @Test
    void aHalfWrittenCompactionIsIgnored() throws IOException {
        Path file = folder.resolve("ids");
        Files.writeString(file, "1-0 m-1\n");
        Files.writeString(folder.resolve("ids.new"), "9-0 m-");
        try (FileMessageStore store = FileMessageStore.open(file, 1)) {
            assertThat(store.lastId()).isEqualTo("m-1");
            remember(store, 2, 3);
        }
        assertThat(Files.readString(file)).isEqualTo("3-0 m-3\n");
    }

    @Test
    void oneFileServesOneClient() throws IOException {
        Path file = folder.resolve("ids");
        try (FileMessageStore _ = FileMessageStore.open(file)) {
            assertThatThrownBy(() -> FileMessageStore.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another client");
        }
        FileMessageStore.open(file).close();
    }

    @Test
    void remembersInMemoryWhatTheDiskRefused() throws IOException {
        Path file = folder.resolve("ids");
        FileMessageStore store = FileMessageStore.open(file);
        store.close();
        assertThatThrownBy(() -> store.remember("m-1", new Position(1, 0)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("m-1");
        assertThat(store.find("m-1")).isNotNull();
    }

    @Test
    void cursorsOfBroadcastLogsOutliveTheProcessAndNeverGoBack() throws IOException {
        Path file = folder.resolve("ids");
        try (FileMessageStore store = FileMessageStore.open(file, 3)) {
            store.remember("m-1", new Position(1, 0));
            store.remember("all", "b-1", new Position(5, 0));
            store.moveCursor("g.till", new Position(9, 0));
            store.moveCursor("all", new Position(4, 0));
        }
        Map<String, Position> cursors =
                Map.of("all", new Position(5, 0), "g.till", new Position(9, 0));
        try (FileMessageStore store = FileMessageStore.open(file, 3)) {
            assertThat(store.cursors()).isEqualTo(cursors);
            assertThat(store.lastId()).as("of the inbox").isEqualTo("m-1");
            assertThat(store.find("b-1")).isEqualTo(new Position(5, 0));
            for (int i = 0; i < 20; i++) { // written anew on the way
                store.remember("all", "b-" + i % 2, new Position(5, 0));
            }
        }
        try (FileMessageStore store = FileMessageStore.open(file, 3)) {
            assertThat(store.cursors()).isEqualTo(cursors);
            assertThat(store.lastId()).isEqualTo("m-1");
        }
    }

    private static void remember(MessageStore store, int from, int to) {
        for (int i = from; i <= to; i++) {
            store.remember("m-" + i, new Position(i, 0));
        }
    }
}
