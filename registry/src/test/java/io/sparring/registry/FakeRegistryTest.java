package io.sparring.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.EncodedValues;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.WireFormat;
import java.io.IOException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeRegistryTest extends RegistryContract {

    private FakeRegistry registry;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Override
    String url() {
        return registry.url();
    }

    @Test
    void aSchemaIsRegisteredOnceForEachTopicUnderTheNameThatTheEcosystemExpects() {
        EncodedValues values = values();
        byte[] encoded = WireFormat.of(IncomingImage.class).encode(image());
        for (int i = 0; i < 3; i++) {
            values.serialize(topic(), encoded);
        }
        values.serialize("other.incoming-images", encoded);
        assertThat(registry.artifacts()).containsOnlyKeys(topic() + "-value", "other.incoming-images-value");
        assertThat(registry.requests()).containsOnly("POST /apis/registry/v3/groups/default/artifacts").hasSize(2);
    }

    @Test
    void whatIsNotForOthersIsLeftAsItIs() {
        byte[] encoded = WireFormat.of(IncomingImage.class).encode(image());
        for (String topic : new String[] {"tiny.dead-letters", "tiny.robustness-robustness-changelog", "elsewhere"}) {
            assertThat(values().serialize(topic, encoded)).as(topic).isSameAs(encoded);
        }
        byte[] other = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertThat(values().serialize(topic(), other)).isSameAs(other);
        assertThat(values().serialize(topic(), (byte[]) null)).isNull();
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aRegistryThatIsAwayPassesByWaitingAndOneThatRefusesDoesNot() {
        byte[] encoded = WireFormat.of(IncomingImage.class).encode(image());
        EncodedValues values = values();
        byte[] sent = values.serialize(topic(), encoded);
        registry.answerWith(503);
        assertThatThrownBy(() -> values.serialize("new.incoming-images", encoded)).isInstanceOf(RetriableException.class)
                .hasMessageContaining(url());
        assertThat(values.serialize(topic(), encoded)).as("known").isEqualTo(sent);
        registry.answerWith(403);
        assertThatThrownBy(() -> values.serialize("new.incoming-images", encoded)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("403").hasMessageContaining("new.incoming-images");
        registry.close();
        assertThatThrownBy(() -> values.serialize("new.incoming-images", encoded)).isInstanceOf(RetriableException.class);
        sent[4]++;
        assertThatThrownBy(() -> receiver().deserialize(topic(), new RecordHeaders(), sent)).isInstanceOf(RetriableException.class);
    }
}
