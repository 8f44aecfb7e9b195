package dev.changeover.testkit.provider;

import dev.changeover.testkit.provider.Fault.CutAfterHalf;
import dev.changeover.testkit.provider.Fault.EmptyAnswer;
import dev.changeover.testkit.provider.Fault.EndAfterHalf;
import dev.changeover.testkit.provider.Fault.ErrorEventFirst;
import dev.changeover.testkit.provider.Fault.ErrorEventLate;
import dev.changeover.testkit.provider.Fault.HtmlPage;
import dev.changeover.testkit.provider.Fault.NoAnswerBeforeHeaders;
import dev.changeover.testkit.provider.Fault.Refused;
import dev.changeover.testkit.provider.Fault.Reply;
import dev.changeover.testkit.provider.Fault.ResetBeforeHeaders;
import dev.changeover.testkit.provider.Fault.SlowFirstToken;
import dev.changeover.testkit.provider.Fault.StallAfterHalf;
import dev.changeover.testkit.provider.LedgerEntry.End;
import dev.changeover.testkit.provider.LedgerEntry.Played;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One request's play: the behaviour that the script chose, brought onto the wire. */
final class Exchange {
  private static final String BASE64 = "base64:";
  private static final Map<String, String> STREAMED =
      Map.of("content-type", "text/event-stream; charset=utf-8", "cache-control", "no-cache");

  private final ProviderSettings settings;
  private final Stage stage;
  private final Connection connection;
  private final ReceivedRequest request;
  private final ChatRequest chat;
  private final Call call;
  private final Wire wire;
  private Behaviour behaviour;
  private int status;
  private String text = "";

  Exchange(ProviderSettings settings, Stage stage, Connection connection, ReceivedRequest request) {
    this.settings = settings;
    this.stage = stage;
    this.connection = connection;
    this.request = request;
    this.chat = ChatRequest.of(request.body());
    this.call =
        new CallReader(settings.keys()).read(connection.ledger().nextNumber(), request, chat);
    this.wire = Wire.of(call.dialect());
    this.behaviour = stage.behaviour(call);
  }

  /** Where an answer breaks. */
  private enum Break {
    NOWHERE,
    CUT,
    END,
    STALL,
    ERROR
  }

  /** Plays the request to its end; true where the connection can take another. */
  boolean play() {
    connection.ledger().add(entry());
    End end;
    try {
      end = act();
    } catch (BannedException e) {
      behaviour = e.reply();
      end = lastReply(e.reply());
    } catch (EndedException e) {
      end = e.end();
    } catch (IOException e) {
      end = End.CLIENT_LEFT;
    }
    settle(end);
    return connection.isOpen() && request.keepAlive();
  }

  private End lastReply(Reply reply) {
    try {
      return sent(reply, End.FAULTED);
    } catch (IOException e) {
      return End.CLIENT_LEFT;
    }
  }

  /** Written before the last byte too, so that no client can know the end earlier. */
  private void settle(End end) {
    long now = settings.nanoClock().getAsLong();
    connection.ledger().played(call.number(), new Played(behaviour, status, text, end, now));
  }

  private void close() {
    settle(End.FAULTED);
    connection.close();
  }

  private void lastChunk(End end) throws IOException {
    settle(end);
    connection.writer().lastChunk();
  }

  private LedgerEntry entry() {
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    headers.computeIfPresent("authorization", (_, _) -> "[" + call.keyName() + "]");
    headers.computeIfPresent("x-api-key", (_, _) -> "[" + call.keyName() + "]");
    Body kept = request.body().size() > Ledger.BODY_BYTES_KEPT_MAX ? Body.EMPTY : request.body();
    return new LedgerEntry(
        call,
        request.method(),
        request.target(),
        headers,
        kept,
        request.arrivalNanos(),
        new Played(behaviour, 0, "", End.OPEN, 0));
  }

  private End act() throws IOException {
    return switch (behaviour) {
      case Answer(Pacing pacing) -> answer(pacing, Break.NOWHERE, ErrorKind.SERVER_ERROR);
      case SlowFirstToken(Duration wait) ->
          answer(
              new Pacing(Duration.ZERO, wait, Duration.ZERO),
              Break.NOWHERE,
              ErrorKind.SERVER_ERROR);
      case CutAfterHalf _ -> answer(Pacing.NONE, Break.CUT, ErrorKind.SERVER_ERROR);
      case EndAfterHalf _ -> answer(Pacing.NONE, Break.END, ErrorKind.SERVER_ERROR);
      case StallAfterHalf _ -> answer(Pacing.NONE, Break.STALL, ErrorKind.SERVER_ERROR);
      case ErrorEventLate(ErrorKind kind) -> answer(Pacing.NONE, Break.ERROR, kind);
      case ErrorEventFirst(ErrorKind kind) -> errorFirst(kind);
      case EmptyAnswer(EmptyAnswer.Form form) -> empty(form);
      case HtmlPage(int pageStatus) -> sent(page(pageStatus), End.FAULTED);
      case Reply reply -> sent(reply, End.FAULTED);
      case NoAnswerBeforeHeaders _ -> hang();
      case ResetBeforeHeaders _ -> reset();
      case Refused _ -> {
        connection.refuseOthers();
        yield reset();
      }
    };
  }

  private End hang() throws IOException {
    pauseBeforeReply(settings.waitMax());
    begin(0);
    close();
    return End.FAULTED;
  }

  private End reset() throws IOException {
    settle(End.FAULTED);
    connection.reset();
    return End.FAULTED;
  }

  private End answer(Pacing pacing, Break where, ErrorKind kind) throws IOException {
    Optional<Reply> objection = objection();
    if (objection.isPresent()) {
      return sent(objection.get(), End.REFUSED);
    }
    if (where == Break.ERROR && !call.streaming()) {
      return errorFirst(kind);
    }
    if (call.endpoint() != Endpoint.CHAT) {
      pauseBeforeReply(pacing.latency());
      return body(plainAnswer(), where);
    }
    Draft draft = draft();
    text = draft.text();
    if (call.streaming()) {
      return stream(draft, pacing, where, kind);
    }
    pauseBeforeReply(pacing.latency().plus(pacing.beforeFirstContent()));
    return body(wire.answer(draft).toString(), where);
  }

  private Draft draft() {
    return Draft.of(settings.name(), call, chat, settings.answerWords());
  }

  private Optional<Reply> objection() {
    if (call.endpoint() == Endpoint.UNKNOWN) {
      return Optional.of(wire.unknownPath(request));
    }
    boolean known = !call.keyName().equals(Call.UNKNOWN_KEY) && !call.keyName().equals(Call.NO_KEY);
    if (!settings.keys().isEmpty() && !known) {
      return Optional.of(wire.invalidKey());
    }
    boolean hasBody = call.endpoint() == Endpoint.CHAT || call.endpoint() == Endpoint.COUNT_TOKENS;
    Optional<Reply> objection = hasBody ? wire.objection(request, chat) : Optional.empty();
    if (objection.isPresent()) {
      return objection;
    }
    boolean unknownModel =
        call.endpoint() != Endpoint.MODELS
            && !settings.models().isEmpty()
            && !settings.models().contains(call.model());
    return unknownModel ? Optional.of(wire.unknownModel(call.model())) : Optional.empty();
  }

  private String plainAnswer() {
    return switch (call.endpoint()) {
      case COUNT_TOKENS -> wire.tokenCount(chat.promptTokens()).toString();
      case MODELS -> wire.models(settings.models()).toString();
      case MODEL -> wire.model(call.model()).toString();
      case CHAT, UNKNOWN -> throw new IllegalStateException("no plain answer: " + call.endpoint());
    };
  }

  private End body(String json, Break where) throws IOException {
    byte[] whole = json.getBytes(StandardCharsets.UTF_8);
    int half = whole.length / 2;
    int announced = where == Break.END ? half : whole.length;
    int written = where == Break.NOWHERE ? whole.length : half;
    begin(200);
    Map<String, String> headers = headers(Map.of("content-type", "application/json"));
    ReplyWriter writer = connection.writer();
    if (settings.chunkedAnswers()) {
      writer.chunkedHead(200, headers);
      int first = written / 2;
      writer.chunk(whole, first);
      byte[] rest = Arrays.copyOfRange(whole, first, written);
      writer.chunk(rest, rest.length);
    } else {
      if (where != Break.CUT && where != Break.STALL) {
        settle(end(where));
      }
      writer.head(200, headers, announced);
      writer.write(whole, written);
    }
    return finish(where);
  }

  private End stream(Draft draft, Pacing pacing, Break where, ErrorKind kind) throws IOException {
    Wire.Stream stream = wire.stream(draft, chat.usageInStream());
    List<SseEvent> content = stream.content();
    int sent = where == Break.NOWHERE ? content.size() : Math.max(1, content.size() / 2);
    pauseBeforeReply(pacing.latency());
    begin(200);
    connection.writer().chunkedHead(200, headers(STREAMED));
    events(stream.opening());
    pause(pacing.beforeFirstContent());
    for (int i = 0; i < Math.min(sent, content.size()); i++) {
      if (i > 0) {
        pause(pacing.betweenChunks());
      }
      events(List.of(content.get(i)));
    }
    switch (where) {
      case NOWHERE -> events(stream.closing());
      case ERROR -> events(List.of(wire.errorEvent(kind)));
      case CUT -> {
        byte[] next =
            (sent < content.size() ? content.get(sent) : stream.closing().getFirst()).bytes();
        connection.writer().chunk(next, next.length / 2);
      }
      case END, STALL -> {}
    }
    if (where != Break.CUT && where != Break.STALL) {
      lastChunk(end(where));
    }
    return whole(where);
  }

  /** Ends a body that came in one piece, as far as it came. */
  private End finish(Break where) throws IOException {
    if (settings.chunkedAnswers() && where != Break.CUT && where != Break.STALL) {
      lastChunk(end(where));
    }
    return whole(where);
  }

  private static End end(Break where) {
    return where == Break.NOWHERE ? End.ANSWERED : End.FAULTED;
  }

  private End whole(Break where) throws IOException {
    return switch (where) {
      case NOWHERE, END, ERROR -> end(where);
      case STALL -> {
        pause(settings.waitMax());
        close();
        yield End.FAULTED;
      }
      case CUT -> {
        close();
        yield End.FAULTED;
      }
    };
  }

  private End errorFirst(ErrorKind kind) throws IOException {
    begin(200);
    if (call.streaming()) {
      connection.writer().chunkedHead(200, headers(STREAMED));
      events(List.of(wire.errorEvent(kind)));
      lastChunk(End.FAULTED);
      return End.FAULTED;
    }
    return sent(json(wire.errorBody(kind).toString()), End.FAULTED);
  }

  private End empty(EmptyAnswer.Form form) throws IOException {
    begin(200);
    if (!call.streaming()) {
      String body =
          switch (form) {
            case NO_BODY -> "";
            case NO_CONTENT -> wire.emptyAnswer(draft()).toString();
          };
      return sent(json(body), End.FAULTED);
    }
    connection.writer().chunkedHead(200, headers(STREAMED));
    switch (form) {
      case NO_BODY -> {}
      case NO_CONTENT -> {
        Wire.Stream stream = wire.stream(draft(), chat.usageInStream());
        events(stream.opening());
        events(stream.closing());
      }
    }
    lastChunk(End.FAULTED);
    return End.FAULTED;
  }

  private static Reply page(int status) {
    return new Reply(
        status,
        Map.of("content-type", "text/html; charset=UTF-8"),
        """
        <!DOCTYPE html>
        <html lang="en-US">
        <head><title>%d: Bad gateway</title></head>
        <body><h1>Bad gateway <span>Error code %d</span></h1></body>
        </html>
        """
            .formatted(status, status));
  }

  private static Reply json(String body) {
    return new Reply(200, Map.of("content-type", "application/json"), body);
  }

  private End sent(Reply reply, End end) throws IOException {
    status = reply.status();
    byte[] body =
        reply.body().startsWith(BASE64)
            ? Base64.getDecoder().decode(reply.body().substring(BASE64.length()))
            : reply.body().getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = headers(Map.of("content-type", "application/json"));
    headers.putAll(reply.headers());
    settle(end);
    connection.writer().head(reply.status(), headers, body.length);
    connection.writer().write(body, body.length);
    return end;
  }

  private Map<String, String> headers(Map<String, String> own) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(wire.headers(call.number()));
    headers.putAll(own);
    return headers;
  }

  private void events(List<SseEvent> events) throws IOException {
    for (SseEvent event : events) {
      byte[] bytes = event.bytes();
      connection.writer().chunk(bytes, bytes.length);
    }
  }

  /** Nothing but a ban's own reply begins under a ban. */
  private void begin(int newStatus) throws IOException {
    Optional<Reply> ban = stage.banReply();
    if (ban.isPresent()) {
      throw new BannedException(ban.get());
    }
    status = newStatus;
  }

  private void pauseBeforeReply(Duration duration) throws IOException {
    go(connection.attention().pause(cut(duration), () -> stage.banReply().isPresent()));
  }

  private void pause(Duration duration) throws IOException {
    go(connection.attention().pause(cut(duration), () -> false));
  }

  private static void go(Attention.Cause cause) throws IOException {
    switch (cause) {
      case TIME_OVER, CUT_SHORT -> {} // a ban is seen when the reply begins
      case CLIENT_LEFT -> throw new EndedException(End.CLIENT_LEFT);
      case CLOSED -> throw new EndedException(End.PROVIDER_CLOSED);
    }
  }

  private Duration cut(Duration duration) {
    return duration.compareTo(settings.waitMax()) > 0 ? settings.waitMax() : duration;
  }
}
