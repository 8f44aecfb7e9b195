package dev.changeover.testkit.client;

import dev.changeover.testkit.client.ChatResult.Reply;

/** One dialect's rules for the order of a stream's events. */
interface StreamGrammar {
  void take(SseText.Event event);

  /** The judgement over all events taken; {@code broken} where the connection ended badly. */
  ChatResult result(Reply reply, boolean broken);
}
