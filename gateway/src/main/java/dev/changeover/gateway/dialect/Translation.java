package dev.changeover.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.changeover.gateway.dialect.Carrying.Carried;
import dev.changeover.gateway.dialect.Carrying.NotCarried;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;

/** A request said in another dialect, through the neutral model. */
final class Translation {
  private Translation() {}

  static Prepared translate(InboundRequest request, Dialect outbound, TargetShape target) {
    Optional<ObjectNode> tree = request.tree();
    if (tree.isEmpty()) {
      return new Prepared.Ineligible("the body holds text that is no UTF-8");
    }
    return switch (Codecs.ofCaller(request.dialect()).decodeRequest(tree.get())) {
      case NotCarried(String reason) -> new Prepared.Ineligible(reason);
      case Carried carried -> fit(carried, outbound, target);
    };
  }

  private static Prepared fit(Carried carried, Dialect outbound, TargetShape target) {
    return switch (TargetFit.fit(carried.request(), outbound, target)) {
      case NotCarried(String reason) -> new Prepared.Ineligible(reason);
      case Carried fitted -> {
        SequencedSet<String> adjustments = new LinkedHashSet<>(carried.adjustments());
        adjustments.addAll(fitted.adjustments());
        ObjectNode body = Codecs.ofProvider(outbound).encodeRequest(fitted.request(), target);
        yield new Prepared.Ready(Json.bytes(body), outbound.path(), adjustments.stream().toList());
      }
    };
  }
}
