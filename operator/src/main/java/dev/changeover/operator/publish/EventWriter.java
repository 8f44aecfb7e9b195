package dev.changeover.operator.publish;

import dev.changeover.contract.ObjectName;
import dev.changeover.crds.ResourceDefinition;
import dev.changeover.operator.model.EventRecord;
import dev.changeover.operator.model.ResourceRef;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventSeriesBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes Events: one a transition, and the same one soon again as a series of that Event. */
final class EventWriter {
  /** An Event that comes again within this time counts up the one before. */
  static final Duration SERIES_MAX = Duration.ofMinutes(30);

  /** Events that are remembered for series. */
  static final int REMEMBERED_MAX = 1_000;

  private static final String CONTROLLER = "changeover.dev/operator";
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int NAME_MAX = 253;
  private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

  private final KubernetesClient client;
  private final String instance;
  private final InstantSource clock;
  private final WriteListener listener;
  private final Map<Repeated, Told> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Repeated, Told> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Repeated(
      ResourceRef object, String reason, String note, Optional<ResourceRef> related) {}

  private record Told(String name, Instant last, int count) {}

  EventWriter(
      KubernetesClient client, String instance, InstantSource clock, WriteListener listener) {
    this.client = client;
    this.instance = instance;
    this.clock = clock;
    this.listener = listener;
  }

  void write(EventRecord event, String uid) {
    Instant now = clock.instant();
    var key = new Repeated(event.object(), event.reason(), event.note(), event.related());
    Told before = told.get(key);
    try {
      Told after =
          before != null && now.isBefore(before.last().plus(SERIES_MAX))
              ? again(event, before, now)
              : first(event, uid, now);
      told.remove(key); // so that the eldest is the one that was quiet longest
      told.put(key, after);
      listener.wrote(WriteListener.Result.DONE);
    } catch (KubernetesClientException e) {
      listener.wrote(WriteListener.Result.FAILED);
      log.atWarn()
          .addKeyValue("object", event.object())
          .addKeyValue("reason", event.reason())
          .addKeyValue("status", e.getCode())
          .log("event not written");
    }
  }

  private Told first(EventRecord event, String uid, Instant now) {
    ObjectName name = event.object().name();
    String suffix =
        "." + Long.toHexString(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    String base = name.name();
    String eventName =
        base.substring(0, Math.min(base.length(), NAME_MAX - suffix.length() - 9))
            + suffix
            + "-"
            + Integer.toHexString(event.reason().hashCode());
    Event wanted =
        new EventBuilder()
            .withNewMetadata()
            .withName(eventName)
            .withNamespace(name.namespace())
            .endMetadata()
            .withEventTime(micros(now))
            .withReportingController(CONTROLLER)
            .withReportingInstance(instance)
            .withAction(event.reason())
            .withReason(event.reason())
            .withType(event.type().word())
            .withNote(event.note())
            .withRegarding(reference(event.object(), uid))
            .withRelated(event.related().map(related -> reference(related, "")).orElse(null))
            .build();
    client.events().v1().events().inNamespace(name.namespace()).resource(wanted).create();
    return new Told(eventName, now, 1);
  }

  private Told again(EventRecord event, Told before, Instant now) {
    var resource =
        client
            .events()
            .v1()
            .events()
            .inNamespace(event.object().name().namespace())
            .withName(before.name());
    int count = before.count() + 1;
    resource.edit(existing ->
        new EventBuilder(existing)
            .withSeries(
                new EventSeriesBuilder().withCount(count).withLastObservedTime(micros(now)).build())
            .build());
    return new Told(before.name(), now, count);
  }

  private static MicroTime micros(Instant time) {
    return new MicroTime(MICROS.format(time));
  }

  private static ObjectReference reference(ResourceRef object, String uid) {
    return new ObjectReferenceBuilder()
        .withApiVersion(ResourceDefinition.API_VERSION)
        .withKind(object.kind().name())
        .withNamespace(object.name().namespace())
        .withName(object.name().name())
        .withUid(uid.isEmpty() ? null : uid)
        .build();
  }
}
