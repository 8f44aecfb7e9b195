package dev.changeover.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The durable copy: what a gateway needs to serve with no operator, under one digest over all of
 * it. Two files: {@value #DOCUMENT}, gzip, and {@value #DIGEST}, the SHA-256 of the first in hex.
 *
 * @param fleet a {@link FleetConfig} document, unread, so that a newer one passes through
 */
public record Bundle(Revision revision, JsonNode fleet, Credentials credentials, HoldSet holds) {
  public static final String DOCUMENT = "bundle.json.gz";
  public static final String DIGEST = "bundle.sha256";

  /** Twenty times the largest that is written; a gzip bomb ends here. */
  private static final int DOCUMENT_BYTES_MAX = 64 << 20;

  public SortedMap<String, byte[]> encode() {
    byte[] document = gzip(ContractJson.writeWithKeys(this).getBytes(StandardCharsets.UTF_8));
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put(DOCUMENT, document);
    files.put(DIGEST, digest(document).getBytes(StandardCharsets.US_ASCII));
    return files;
  }

  /**
   * The bundle in these files.
   *
   * @throws IllegalArgumentException if a file is missing, damaged or unreadable; the message says
   *     which, and quotes nothing
   */
  public static Bundle decode(Map<String, byte[]> files) {
    byte[] document = files.get(DOCUMENT);
    byte[] digest = files.get(DIGEST);
    if (document == null || digest == null) {
      throw new IllegalArgumentException(DOCUMENT + " or " + DIGEST + " is missing");
    }
    if (!digest(document).equals(new String(digest, StandardCharsets.US_ASCII).strip())) {
      throw new IllegalArgumentException(DOCUMENT + " does not match " + DIGEST);
    }
    try (var in = new GZIPInputStream(new ByteArrayInputStream(document))) {
      byte[] text = in.readNBytes(DOCUMENT_BYTES_MAX + 1);
      if (text.length > DOCUMENT_BYTES_MAX) {
        throw new IllegalArgumentException(DOCUMENT + " is larger than its bound");
      }
      return ContractJson.read(new String(text, StandardCharsets.UTF_8), Bundle.class);
    } catch (IOException e) {
      throw new IllegalArgumentException(DOCUMENT + " is no gzip file", e);
    }
  }

  private static byte[] gzip(byte[] text) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(text);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
    return bytes.toByteArray();
  }

  private static String digest(byte[] document) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(document));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
