package dev.changeover.testkit.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.changeover.testkit.client.ChatResult.Broken;
import dev.changeover.testkit.client.ChatResult.Complete;
import dev.changeover.testkit.client.ChatResult.Reply;
import dev.changeover.testkit.client.ChatResult.Usage;

/** What was found in a stream so far: its text, its end, its error, its first fault. */
final class StreamFindings {
  private final StringBuilder text = new StringBuilder();
  private String finishReason = "";
  private String fault = "";
  private boolean ended;
  private JsonNode error = MissingNode.getInstance();
  private Usage usage = Usage.NONE;

  void text(String piece) {
    text.append(piece);
  }

  void finish(String reason) {
    require(finishReason.isEmpty(), "two finish reasons");
    finishReason = reason;
  }

  void usage(Usage newUsage) {
    usage = newUsage;
  }

  void end() {
    ended = true;
  }

  void error(JsonNode newError) {
    error = newError;
  }

  boolean finished() {
    return !finishReason.isEmpty();
  }

  /** Nothing may follow an error or the end. */
  void requireOpen() {
    require(!ended, "an event after the end");
    require(error.isMissingNode(), "an event after the error");
  }

  /** Keeps the first fault: later ones follow from it. */
  void require(boolean holds, String otherwise) {
    if (!holds && fault.isEmpty()) {
      fault = otherwise;
    }
  }

  ChatResult result(Reply reply, boolean broken) {
    if (!fault.isEmpty()) {
      return new Broken(reply, "grammar: " + fault, text.toString());
    }
    if (!error.isMissingNode()) {
      return Judgement.honest(reply, error, true, text.toString());
    }
    if (broken) {
      return new Broken(reply, "the connection was lost in the stream", text.toString());
    }
    if (!finished()) {
      return new Broken(reply, "the stream ended without a finish reason", text.toString());
    }
    if (!ended) {
      return new Broken(reply, "the stream ended without its terminal event", text.toString());
    }
    return new Complete(reply, text.toString(), finishReason, usage);
  }
}
