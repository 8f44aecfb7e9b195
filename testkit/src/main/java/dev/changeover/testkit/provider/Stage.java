package dev.changeover.testkit.provider;

import dev.changeover.testkit.provider.Fault.Reply;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What holds for all requests at this moment: the script, and the ban above it. */
final class Stage {
  private final ReentrantLock gate = new ReentrantLock();
  private final Set<Attention> attentions = ConcurrentHashMap.newKeySet();
  private Script script = Script.always(Answer.atOnce());
  private Ban ban = new Allowed();

  private sealed interface Ban {}

  private record Allowed() implements Ban {}

  private record Banned(Reply reply) implements Ban {}

  void script(Script newScript) {
    gate.lock();
    try {
      script = newScript;
    } finally {
      gate.unlock();
    }
  }

  void ban(Reply reply) {
    stand(new Banned(reply));
    attentions.forEach(Attention::wake);
  }

  void unban() {
    stand(new Allowed());
  }

  private void stand(Ban newBan) {
    gate.lock();
    try {
      ban = newBan;
    } finally {
      gate.unlock();
    }
  }

  Behaviour behaviour(Call call) {
    Script current;
    gate.lock();
    try {
      if (ban instanceof Banned(Reply reply)) {
        return reply;
      }
      current = script;
    } finally {
      gate.unlock();
    }
    return current.behave(call);
  }

  /** The ban's reply, where there is a ban: asked before the first byte of any reply. */
  Optional<Reply> banReply() {
    gate.lock();
    try {
      return switch (ban) {
        case Allowed _ -> Optional.empty();
        case Banned(Reply reply) -> Optional.of(reply);
      };
    } finally {
      gate.unlock();
    }
  }

  void enter(Attention attention) {
    attentions.add(attention);
  }

  void leave(Attention attention) {
    attentions.remove(attention);
  }
}
