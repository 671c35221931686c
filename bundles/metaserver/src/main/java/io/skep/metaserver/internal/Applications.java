package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.application.Application;
import io.skep.core.api.application.ApplicationAnswer;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cloud's DynamicController in KubeEdge's application protocol. Waits for the answer; any thread but a module's own.
 *
 * <p>A CloudCore without DynamicController answers nothing. After a request without an answer reads are not passed on for
 * {@link #QUIET}, or they would all wait as long; a change is, and any answer or a new link ends it.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/metaserver/agent}.
 */
final class Applications {

    private static final String AWAY = "the node's link to the cloud is down: ";
    private static final String REFUSED = "the cloud did not do it: ";
    private static final String LIST_FAILED = "get current list error: ";
    private static final String SILENT = "the cloud did not answer in time: is its dynamicController on?";

    /** For how long a cloud that did not answer is not asked to read. */
    static final Duration QUIET = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Applications.class);

    /** The way to the cloud: an answer, or an {@link EdgeException} when there is none in time. */
    interface Line {
        Message ask(Message question);
    }

    /**
     * A request without an answer.
     *
     * @param since when it was sent
     * @param until when reads are passed on again
     */
    private record Silence(Instant since, Instant until) {}

    private final Line line;
    private final Supplier<String> node;
    private final InstantSource clock;
    private volatile Instant linked = Instant.MIN;
    private volatile Optional<Silence> silence = Optional.empty();
    final AtomicLong asked = new AtomicLong();
    final AtomicLong unanswered = new AtomicLong();

    Applications(Line line, Supplier<String> node, InstantSource clock) {
        this.line = line;
        this.node = node;
        this.clock = clock;
    }

    /** The link came or went: what was not answered before says nothing of the cloud there is now. */
    void linkChanged() {
        linked = clock.instant();
    }

    /**
     * Has the cloud do it.
     *
     * @return what it answers; empty for a delete
     * @throws KubeException as the cloud refuses it; {@code ServiceUnavailable} when it can't be asked or does not answer
     */
    Optional<Doc> ask(Application application) {
        if (application.isRead() && isQuiet()) {
            throw unavailable(SILENT, null);
        }
        return result(answer(message(Application.route(), application.fields(node.get()))));
    }

    /**
     * Names the watches there are: the cloud ends others of this node's, and begins those it does not know.
     *
     * @return why there will be none, for those the cloud refuses
     * @throws KubeException {@code ServiceUnavailable} when the cloud can't be asked or does not answer
     */
    Map<Selection, Status> sync(Collection<Selection> watches) {
        if (isQuiet()) {
            throw unavailable(SILENT, null);
        }
        Doc failed = understood(answer(watchMessage(watches)), Applications::object);
        Map<Selection, Status> refused = new LinkedHashMap<>();
        for (Selection watch : watches) {
            String id = Requests.watch(watch).id(node.get());
            if (failed.has(id)) {
                refused.put(watch, refused(read(failed.object(id))).status());
            }
        }
        return refused;
    }

    /** What {@link #sync} sends. */
    Message watchMessage(Collection<Selection> watches) {
        Map<String, Object> all = new LinkedHashMap<>();
        watches.stream().map(Requests::watch).forEach(watch -> all.put(watch.id(node.get()), watch.fields(node.get())));
        return message(Application.watchesRoute(), all);
    }

    private static Message message(Route route, Map<String, Object> content) {
        Message message = Message.of(route, new Content.Json(Json.write(content)));
        return message.withHeader(message.header().withSync(true));
    }

    /** Whether it is because the cloud cannot be asked, or has no answer at the moment. */
    static boolean isAway(Status why) {
        return why.reason().equals(Status.SERVICE_UNAVAILABLE);
    }

    private boolean isQuiet() {
        return silence.filter(
                        last -> last.since().isAfter(linked) && clock.instant().isBefore(last.until()))
                .isPresent();
    }

    private Message answer(Message question) {
        asked.incrementAndGet();
        Instant since = clock.instant();
        Message answer;
        try {
            answer = line.ask(question);
        } catch (EdgeException e) {
            unanswered.incrementAndGet();
            if (e.reason() == Reason.TIMEOUT) {
                silence = Optional.of(new Silence(since, clock.instant().plus(QUIET)));
                LOG.warn("cloud did not answer, reads are answered from memory: for={}s", QUIET.toSeconds());
                throw unavailable(SILENT, e);
            }
            throw unavailable(AWAY + e.getMessage(), e);
        }
        if (answer.isError()) {
            unanswered.incrementAndGet();
            String why = answer.content() instanceof Content.Failure f
                    ? f.message()
                    : answer.content().json();
            boolean fromHere = answer.route().source().equals(ModuleNames.EDGE_HUB);
            throw unavailable((fromHere ? AWAY : REFUSED) + why, null);
        }
        silence = Optional.empty();
        return answer;
    }

    private static KubeException unavailable(String why, EdgeException cause) {
        return new KubeException(Status.of(Status.SERVICE_UNAVAILABLE, 503, why), cause);
    }

    private static Optional<Doc> result(Message message) {
        ApplicationAnswer answer = understood(message, text -> read(object(text)));
        if (!answer.done()) {
            throw refused(answer);
        }
        return answer.result().flatMap(result -> understood(message, text -> Json.object(result)));
    }

    private static ApplicationAnswer read(Doc fields) {
        return ApplicationAnswer.of(fields.asMap());
    }

    private static <T> T understood(Message answer, Function<String, T> reader) {
        try {
            return reader.apply(answer.content().json());
        } catch (EdgeException e) {
            throw new KubeException(
                    Status.of(Status.INTERNAL_ERROR, 500, "the cloud's answer cannot be understood: " + e.getMessage()),
                    e);
        }
    }

    private static Doc object(String text) {
        return Json.object(text).orElseThrow(() -> new EdgeException(Reason.INVALID, "no application"));
    }

    private static KubeException refused(ApplicationAnswer answer) {
        Doc status = Doc.of(answer.error());
        return new KubeException(
                status.isEmpty()
                        ? plain(answer.reason())
                        : new Status(
                                status.text("reason"),
                                (int) status.number(500, "code"),
                                status.text("message"),
                                status.object("details")));
    }

    /** KubeEdge's cloud says in words alone why it did not list, or may not have a node watch. */
    private static Status plain(String reason) {
        String why = reason.startsWith(LIST_FAILED) ? reason.substring(LIST_FAILED.length()) : reason;
        if (why.contains(" is forbidden: ") || why.endsWith(" is not allowed to access this resource")) {
            return Status.of(Status.FORBIDDEN, 403, why);
        }
        return why.equals("the server could not find the requested resource")
                ? Status.of(Status.NOT_FOUND, 404, why)
                : Status.of(Status.SERVICE_UNAVAILABLE, 503, REFUSED + why);
    }
}
