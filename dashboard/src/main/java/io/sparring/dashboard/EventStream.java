package io.sparring.dashboard;

import io.vertx.core.http.HttpServerResponse;

/** The server-sent events of one browser. Used on the event loop. */
final class EventStream {

    private final HttpServerResponse response;
    private final LiveSections sections;
    private long seen;

    /** @param seen the last change that the browser has, 0 for none */
    EventStream(HttpServerResponse response, LiveSections sections, long seen) {
        this.response = response;
        this.sections = sections;
        this.seen = seen;
    }

    /** Sends the parts that the browser does not have; one that is slow gets them later, as they are then. */
    void push() {
        for (LiveSections.Section section : sections.after(seen)) {
            if (response.writeQueueFull()) {
                return;
            }
            response.write("id: " + sections.id(section) + "\nevent: " + section.name() + "\ndata: " + section.json() + "\n\n");
            seen = section.change();
        }
    }

    /** Tells the time here, and that this stream is alive. */
    void beat(long now) {
        if (!response.writeQueueFull()) {
            response.write("event: beat\ndata: " + now + "\n\n");
        }
    }

    void close() {
        response.end();
    }
}
