package dev.changeover.testkit.provider;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * An answer before a dialect gives it its shape.
 *
 * @param pieces the text in the pieces that a stream sends it in
 * @param stopSequence the stop sequence that ended it, where one did
 */
record Draft(Call call, List<String> pieces, Stop stop, String stopSequence, int promptTokens) {
  /** Why an answer ended. */
  enum Stop {
    END,
    LENGTH,
    SEQUENCE
  }

  /** Words that a damaged encoding cannot survive stand among them on purpose. */
  private static final List<String> WORDS =
      List.of(
          "amber", "birch", "café", "delta", "ember", "fjord", "grün", "harbour", "île", "jade",
          "kelp", "lark", "møøse", "naïve", "opal", "pine", "quartz", "river", "straße", "tide",
          "東京", "umber", "violet", "willow", "🌲", "zephyr");

  static Draft of(String provider, Call call, ChatRequest request, int words) {
    List<String> pieces = new ArrayList<>();
    var start = new CRC32();
    start.update(provider.getBytes(StandardCharsets.UTF_8));
    int offset = (int) (start.getValue() % WORDS.size()) + call.number();
    String signature = "-" + provider + "-" + call.number();
    for (int i = 0; i < Math.min(words, request.maxTokens()); i++) {
      String word = i == 0 && !call.tag().isEmpty() ? call.tag() : word(offset + i);
      pieces.add((i == 0 ? "" : " ") + word + signature);
    }
    Stop stop = words > request.maxTokens() ? Stop.LENGTH : Stop.END;
    var draft = new Draft(call, List.copyOf(pieces), stop, "", request.promptTokens());
    return draft.stoppedAt(request.stops());
  }

  String text() {
    return String.join("", pieces);
  }

  int completionTokens() {
    return pieces.size();
  }

  /** A fixed moment per request, in epoch seconds: answers do not depend on any clock. */
  long createdSeconds() {
    return 1_767_225_600L + call.number();
  }

  private Draft stoppedAt(List<String> stops) {
    String text = text();
    for (String sequence : stops) {
      int at = text.indexOf(sequence);
      if (at >= 0) {
        return new Draft(call, cut(at), Stop.SEQUENCE, sequence, promptTokens);
      }
    }
    return this;
  }

  private List<String> cut(int length) {
    List<String> kept = new ArrayList<>();
    int left = length;
    for (String piece : pieces) {
      if (left > 0) {
        kept.add(piece.substring(0, Math.min(left, piece.length())));
      }
      left -= piece.length();
    }
    return List.copyOf(kept);
  }

  private static String word(int index) {
    return WORDS.get(index % WORDS.size());
  }
}
