package dev.changeover.gateway.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Log events as one JSON object a line, their keys beside time, level and message. */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private final JsonFactory json = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator line = json.createGenerator(bytes)) {
      line.writeStartObject();
      line.writeStringField("time", event.getInstant().toString());
      line.writeStringField("level", event.getLevel().toString());
      line.writeStringField("logger", event.getLoggerName());
      line.writeStringField("message", event.getFormattedMessage());
      writePairs(line, event.getKeyValuePairs());
      writeThrowable(line, event.getThrowableProxy());
      line.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array takes all bytes", e);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void writePairs(JsonGenerator line, @Nullable List<KeyValuePair> pairs)
      throws IOException {
    if (pairs == null) {
      return;
    }
    for (KeyValuePair pair : pairs) {
      line.writeFieldName(pair.key);
      writeValue(line, pair.value);
    }
  }

  private static void writeValue(JsonGenerator line, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> line.writeNull();
      case Boolean flag -> line.writeBoolean(flag);
      case Integer number -> line.writeNumber(number);
      case Long number -> line.writeNumber(number);
      case Double number -> line.writeNumber(number);
      case Map<?, ?> map -> {
        line.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          line.writeFieldName(String.valueOf(entry.getKey()));
          writeValue(line, entry.getValue());
        }
        line.writeEndObject();
      }
      case Collection<?> values -> {
        line.writeStartArray();
        for (Object each : values) {
          writeValue(line, each);
        }
        line.writeEndArray();
      }
      default -> line.writeString(value.toString());
    }
  }

  private static void writeThrowable(JsonGenerator line, @Nullable IThrowableProxy throwable)
      throws IOException {
    if (throwable != null) {
      line.writeStringField("exception", ThrowableProxyUtil.asString(throwable));
    }
  }
}
