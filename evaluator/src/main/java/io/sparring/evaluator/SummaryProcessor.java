package io.sparring.evaluator;

import io.sparring.schemas.Robustness;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/** Adds the {@link VersionSummary} of an update to its reports, which it finds in the store where they are counted. */
final class SummaryProcessor extends ContextualProcessor<String, Robustness, String, Robustness> {

    private static final Set<String> SUMMARIZED = Set.of(BatchEvaluator.CLEAN, SuiteEvaluator.SUITE);

    private final String store;
    private TimestampedKeyValueStore<String, Robustness> reports;

    SummaryProcessor(String store) {
        this.store = store;
    }

    @Override
    public void init(ProcessorContext<String, Robustness> context) {
        super.init(context);
        reports = context.getStateStore(store);
    }

    @Override
    public void process(Record<String, Robustness> record) {
        context().forward(record);
        Robustness report = record.value();
        if (SUMMARIZED.contains(report.getAttack())) {
            VersionSummary.of(report(report, BatchEvaluator.CLEAN), report(report, SuiteEvaluator.SUITE))
                    .forEach(summary -> context().forward(record.withKey(key(summary, summary.getAttack())).withValue(summary)));
        }
    }

    private Robustness report(Robustness of, String attack) {
        ValueAndTimestamp<Robustness> found = reports.get(key(of, attack));
        return found == null ? null : found.value();
    }

    private static String key(Robustness report, String attack) {
        return report.getIncarnation() + "/" + report.getStep() + "/" + attack + "/" + report.getSlice();
    }
}
