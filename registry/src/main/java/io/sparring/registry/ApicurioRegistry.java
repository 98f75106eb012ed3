package io.sparring.registry;

import com.microsoft.kiota.ApiException;
import io.apicurio.registry.resolver.DefaultSchemaResolver;
import io.apicurio.registry.resolver.SchemaLookupResult;
import io.apicurio.registry.resolver.SchemaResolver;
import io.apicurio.registry.resolver.config.SchemaResolverConfig;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.serde.avro.AvroSchemaParser;
import io.apicurio.registry.serde.avro.DefaultAvroDatumProvider;
import io.apicurio.registry.serde.data.SerdeMetadata;
import io.apicurio.registry.serde.data.SerdeRecord;
import io.apicurio.registry.serde.strategy.TopicIdStrategy;
import io.sparring.schemas.SchemaRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.DisconnectException;

/**
 * An Apicurio registry, by the part of Apicurio's serdes that finds and registers schemas: the schema of topic {@code t}'s values
 * is the artifact {@code t-value} of the group {@code default}, and its number is the registry's content id, as with Apicurio's own
 * serializers.
 */
final class ApicurioRegistry implements SchemaRegistry {

    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final String url;
    private final SchemaResolver<Schema, IndexedRecord> writing;
    private final SchemaResolver<Schema, IndexedRecord> reading;

    /** @param settings of Apicurio's own, which go over what is set here; not the address */
    ApicurioRegistry(String url, Map<String, String> settings) {
        this.url = url;
        Map<String, Object> all = new HashMap<>();
        all.put(SchemaResolverConfig.AUTO_REGISTER_ARTIFACT, true);
        all.put(SchemaResolverConfig.ARTIFACT_RESOLVER_STRATEGY, TopicIdStrategy.class.getName());
        // the other client that it has is Vert.x 4, which cannot be beside the Vert.x of the services
        all.put(SchemaResolverConfig.HTTP_ADAPTER, "JDK");
        all.putAll(settings);
        all.put(SchemaResolverConfig.REGISTRY_URL, url);
        writing = resolver(all);
        reading = resolver(all);
    }

    private SchemaResolver<Schema, IndexedRecord> resolver(Map<String, Object> settings) {
        try {
            SchemaResolver<Schema, IndexedRecord> resolver = new DefaultSchemaResolver<>();
            resolver.configure(settings, new AvroSchemaParser<>(new DefaultAvroDatumProvider<>()));
            return resolver;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(URL + ": '" + url + "' cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized int register(String topic, Schema schema) {
        // what it remembers is the schema, whatever the topic: another topic's would not be registered
        writing.reset();
        return Math.toIntExact(asked("takes no schema " + schema.getFullName() + " for topic " + topic, () ->
                writing.resolveSchema(new SerdeRecord<>(new SerdeMetadata(topic, false), new GenericData.Record(schema))))
                .getContentId());
    }

    @Override
    public String schema(int number) {
        SchemaLookupResult<Schema> found = asked("has no schema " + number, () -> reading.resolveSchemaByArtifactReference(
                ArtifactReference.builder().contentId((long) number).build()));
        return new String(found.getParsedSchema().getRawSchema(), StandardCharsets.UTF_8);
    }

    private <T> T asked(String refusal, Supplier<T> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                int status = cause instanceof ApiException answer ? answer.getResponseStatusCode() : 0;
                if (cause instanceof IOException || status >= SERVER_ERROR || status == TOO_MANY) {
                    throw new DisconnectException("schema registry " + url + " does not answer: " + cause, e);
                }
            }
            throw new IllegalArgumentException("schema registry " + url + " " + refusal + ": " + message(e), e);
        }
    }

    /** What is at the bottom of it: the resolver wraps several times. */
    private static String message(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        int status = deepest instanceof ApiException answer ? answer.getResponseStatusCode() : 0;
        return (status == 0 ? "" : "HTTP " + status + " ") + deepest.getMessage();
    }
}
