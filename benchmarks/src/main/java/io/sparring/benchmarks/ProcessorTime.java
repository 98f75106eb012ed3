package io.sparring.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The processor time that this process has used, all threads together. */
final class ProcessorTime {

    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private ProcessorTime() {
    }

    /** Seconds since its start. */
    static double seconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }
}
