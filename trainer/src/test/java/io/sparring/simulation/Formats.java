package io.sparring.simulation;

import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.BatchNumberDeserializer;
import io.sparring.schemas.Checkpoint;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.IncomingImage;
import io.sparring.schemas.ModelUpdate;
import io.sparring.schemas.Received;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.WireFormat;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** How records are read. One of each, by which a record knows what it was read as before. */
public final class Formats {

    public static final Deserializer<Long> NUMBERS = new BatchNumberDeserializer();
    public static final Deserializer<String> NAMES = new StringDeserializer();
    public static final Deserializer<byte[]> BYTES = new ByteArrayDeserializer();
    public static final Deserializer<Received<ImageBatch>> CLEAN = WireFormat.of(ImageBatch.class).receiver();
    public static final Deserializer<Received<IncomingImage>> INCOMING = WireFormat.of(IncomingImage.class).receiver();
    public static final Deserializer<Received<AdversarialBatch>> ADVERSARIAL = WireFormat.of(AdversarialBatch.class).receiver();
    public static final Deserializer<Received<ModelUpdate>> UPDATES = WireFormat.of(ModelUpdate.class).receiver();
    public static final Deserializer<Received<Checkpoint>> CHECKPOINTS = WireFormat.of(Checkpoint.class).receiver();
    public static final Deserializer<Received<TrainingStep>> STEPS = WireFormat.of(TrainingStep.class).receiver();

    private Formats() {
    }
}
