package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pushgate.runtime.StartupException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class DataFolderTest {
    @TempDir Path temp = Path.of("");

    @Test
    void aSecondOneOnTheSameFolderIsToldSo() throws Exception {
        try (DataFolder first = DataFolder.open(temp)) {
            assertThatThrownBy(() -> DataFolder.open(temp))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(first.path() + " is in use by another");
        }
        try (DataFolder again = DataFolder.open(temp)) {
            assertThat(again.isTemporary()).isFalse();
        }
        assertThat(temp).exists();
    }

    @Test
    void aTemporaryOneIsDeletedWithAllInIt() throws Exception {
        Path path;
        try (DataFolder folder = DataFolder.open(null)) {
            path = folder.path();
            Files.createDirectories(path.resolve("a/b"));
            Files.writeString(path.resolve("a/b/c"), "x");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aFileInTheWayIsOneClearLine() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");
        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("the data folder " + file + " cannot be used");
    }
}
