package io.sparring.learning;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;

/** What native code has allocated and not freed, as glibc (2.33 or newer) counts it: exact, and without the Java heap. */
final class AllocatedMemory {

    private static final Allocator ALLOCATOR = Native.load("c", Allocator.class);

    private AllocatedMemory() {
    }

    static long bytes() {
        Statistics statistics = ALLOCATOR.mallinfo2();
        return statistics.uordblks + statistics.hblkhd;
    }

    /** The function's name is glibc's. */
    public interface Allocator extends Library {
        Statistics mallinfo2();
    }

    /** {@code struct mallinfo2}; the names are glibc's. */
    @Structure.FieldOrder({"arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
        "keepcost"})
    public static final class Statistics extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        public long hblkhd;
        public long usmblks;
        public long fsmblks;
        public long uordblks;
        public long fordblks;
        public long keepcost;
    }
}
