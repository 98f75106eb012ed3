package io.sparring.dashboard;

/**
 * How far the topics have been read.
 *
 * @param caughtUp whether all that there was at the beginning has been read
 * @param share of it that has been read, [0, 1]
 * @param problem why nothing more can be read at the moment, or null
 */
record ReadingState(boolean caughtUp, double share, String problem) {

    static final ReadingState BEGINNING = new ReadingState(false, 0, null);

    ReadingState read(double shareNow) {
        boolean all = caughtUp || shareNow >= 1;
        return new ReadingState(all, all ? 1 : Math.floor(shareNow * 100) / 100, null);
    }

    ReadingState stuck(String why) {
        return new ReadingState(caughtUp, share, why);
    }
}
