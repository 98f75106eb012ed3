package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalBrokerUsersTest {

    @TempDir
    Path folder;

    @Test
    void haveCredentialsAsKafkaTakesThem() throws IOException {
        LocalBrokerUsers users = LocalBrokerUsers.read(file("trainer=a = b\nattacker=c]d\n"));

        assertThat(users.isEmpty()).isFalse();
        assertThat(users.scramArguments()).containsExactly("SCRAM-SHA-512=[name=attacker,password=\"c]d\"]",
                "SCRAM-SHA-512=[name=trainer,password=\"a = b\"]");
    }

    @Test
    void areNoneUnlessThereIsAFile() {
        assertThat(LocalBrokerUsers.none().isEmpty()).isTrue();
        assertThat(LocalBrokerUsers.none().scramArguments()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret,word", "secret\"word"})
    void havePasswordsThatNoErrorShows(String password) throws IOException {
        Path file = file("trainer=" + password);

        assertThatThrownBy(() -> LocalBrokerUsers.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("users " + file + ": the password of trainer is not allowed; "
                        + "allowed: any characters but the comma and the quotation mark, at least one");
        assertThat(LocalBrokerUsers.read(file("trainer=secret"))).asString().doesNotContain("secret");
    }

    @Test
    void haveNamesThatNeedNoQuoting() throws IOException {
        Path file = file("a\\ b=c");

        assertThatThrownBy(() -> LocalBrokerUsers.read(file)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("users " + file + ": 'a b' is no name; allowed: letters, digits, ._-");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("users.properties"), text);
    }
}
