package io.skep.transport.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TunnelFrameTest {

    @Test
    void bytesAreThoseOfKubeEdge() {
        ByteBuffer bytes =
                TunnelFrame.data(300, "hi".getBytes(StandardCharsets.US_ASCII)).encode();
        assertThat(HexFormat.of().formatHex(bytes.array())).isEqualTo("ac02036869");
    }

    @Test
    void typesHaveTheNumbersOfKubeEdge() {
        assertThat(new TunnelFrame(1, Type.LOGS, new byte[0]).encode().array()).containsExactly(1, 0);
        assertThat(new TunnelFrame(1, Type.EXEC, new byte[0]).encode().array()).containsExactly(1, 1);
        assertThat(TunnelFrame.remove(1).encode().array()).containsExactly(1, 4);
        assertThat(TunnelFrame.close("").encode().array()).containsExactly(0, 5);
        assertThat(new TunnelFrame(1, Type.ATTACH, new byte[0]).encode().array())
                .containsExactly(1, 6);
    }

    @Test
    void bytesThatAreNoTextComeBackAsTheyWere() {
        byte[] data = new byte[256];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) i;
        }
        for (long id : new long[] {0, 127, 128, Long.MAX_VALUE, -1}) {
            TunnelFrame read = TunnelFrame.decode(TunnelFrame.data(id, data).encode());
            assertThat(read.id()).isEqualTo(id);
            assertThat(read.type()).isEqualTo(Type.DATA);
            assertThat(read.data()).isEqualTo(data);
        }
    }

    @Test
    void dataBeyondTheLimitIsCut() {
        byte[] data = new byte[TunnelFrame.MAX_DATA_BYTES + 1];
        assertThat(TunnelFrame.decode(TunnelFrame.data(1, data).encode()).data())
                .hasSize(TunnelFrame.MAX_DATA_BYTES);
    }

    @Test
    void whatIsNoFrameIsRefused() {
        for (String hex : new String[] {"", "80", "01", "0107", "ffffffffffffffffff0203", "01ffffffffffffffffff01"}) {
            assertThatThrownBy(() ->
                            TunnelFrame.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                    .as(hex)
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining("tunnel message");
        }
    }
}
