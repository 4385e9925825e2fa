package io.pushgate.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.pushgate.protocol.Names;

import org.junit.jupiter.api.Test;

class NodeIdsTest {
    @Test
    void isALabelWhateverTheHostIsCalled() {
        String label = NodeIds.label("häßlich host/" + "x".repeat(80));
        assertThat(label).startsWith("h--lich-host-").hasSize(48);
        assertThat(Names.isLabel(NodeIds.of(65_535))).isTrue();
        assertThat(NodeIds.of(8080)).endsWith("-8080");
        assertThat(NodeIds.of(0)).endsWith("-" + ProcessHandle.current().pid());
    }
}
