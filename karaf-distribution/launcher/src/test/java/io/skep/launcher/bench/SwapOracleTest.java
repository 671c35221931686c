package io.skep.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapOracleTest {

    private static final JsonNode TWO_SENDERS =
            BenchCluster.tree("[{\"number\":0,\"taken\":3,\"dropped\":0},{\"number\":1,\"taken\":1,\"dropped\":0}]");

    @TempDir
    Path folder;

    /** What the oracle says when these numbers of sender 0 arrived, and the only one of sender 1. */
    private List<String> arrived(int... numbers) throws IOException {
        Path file = folder.resolve("arrived");
        try (DataOutputStream out = new DataOutputStream(Files.newOutputStream(file))) {
            out.writeInt(1);
            out.writeInt(0);
            for (int number : numbers) {
                out.writeInt(0);
                out.writeInt(number);
            }
        }
        return SwapOracle.messages(TWO_SENDERS, file);
    }

    @Test
    void saysNothingOfMessagesThatAllCameOnceAndInOrder() throws IOException {
        assertThat(arrived(0, 1, 2)).isEmpty();
        assertThat(SwapOracle.complete(TWO_SENDERS, folder.resolve("arrived"))).isTrue();
    }

    @Test
    void findsLostOnesInTheMiddleAndAtTheEnd() throws IOException {
        assertThat(arrived(0, 2)).containsExactly("1 messages lost, or overtaken by a later one of their sender");
        assertThat(arrived(0)).containsExactly("2 messages lost, or overtaken by a later one of their sender");
        assertThat(SwapOracle.complete(TWO_SENDERS, folder.resolve("arrived"))).isFalse();
    }

    @Test
    void findsDoubledOnes() throws IOException {
        assertThat(arrived(0, 1, 1, 2))
                .containsExactly("1 messages that came again, or after a later one of their sender");
    }

    @Test
    void findsTurnedOnes() throws IOException {
        assertThat(arrived(1, 0, 2)).hasSize(2);
    }

    @Test
    void findsQuestionsWithoutAnEnd() {
        JsonNode asked =
                BenchCluster.tree("[{\"module\":\"edged\",\"asked\":5,\"answered\":2,\"refused\":1,\"failed\":1,"
                        + "\"failure\":\"Timeout\"}]");

        assertThat(SwapOracle.questions(asked))
                .containsExactly(
                        "1 questions to edged that never ended", "1 questions to edged that failed, the last: Timeout");
    }
}
