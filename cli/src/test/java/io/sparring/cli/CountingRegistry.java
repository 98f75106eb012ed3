package io.sparring.cli;

import io.sparring.schemas.SchemaRegistry;
import io.sparring.schemas.SchemaRegistryProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** A schema registry in this JVM, at {@value #URL}; the one that the tests' class path has. */
public final class CountingRegistry implements SchemaRegistryProvider {

    static final String URL = "http://counting.test";
    static final int FIRST = 100;

    private final List<String> schemas = new ArrayList<>();

    @Override
    public SchemaRegistry open(String url, Map<String, String> settings) {
        return new SchemaRegistry() {
            @Override
            public int register(String topic, Schema schema) {
                synchronized (schemas) {
                    if (!schemas.contains(schema.toString())) {
                        schemas.add(schema.toString());
                    }
                    return FIRST + schemas.indexOf(schema.toString());
                }
            }

            @Override
            public String schema(int number) {
                synchronized (schemas) {
                    return schemas.get(number - FIRST);
                }
            }
        };
    }
}
