package io.sshpool.demo.web;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** The time line. The page asks once a second. */
@Path("/api/timeline")
public class TimelineResource {

    private static final long WINDOW_MILLIS = 20_000;

    @Inject
    Timeline timeline;

    /**
     * What the page draws.
     *
     * @param now the right end, in milliseconds since the application began
     * @param window how far it goes back
     * @param spans what to draw
     */
    public record Drawing(long now, long window, List<Timeline.View> spans) {}

    /**
     * The last seconds.
     *
     * @return spans that had not ended before
     */
    @GET
    public Drawing last() {
        return new Drawing(timeline.now(), WINDOW_MILLIS, timeline.last(WINDOW_MILLIS));
    }
}
