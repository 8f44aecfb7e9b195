import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the images of operator and gateway as archives, from the build's jars, the JDK that runs
 * this program and the glibc of this machine: no daemon, no registry, no base image.
 *
 * <p>Each archive is an OCI layout and a docker-archive at once, in three layers: the runtime, which
 * both images share, the libraries, and our own jars. The same input gives the same bytes.
 */
final class Images {
  private static final int USAGE = 2;
  private static final String CREATED = "2026-01-01T00:00:00Z"; // as the jars' own times

  /**
   * What the class paths need of the JDK. {@code jdeps} names more for parts of libraries that no
   * program here enters (JNDI servers, SQL types, desktop); the test of the images runs what is left.
   */
  private static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging", // java.util.logging, behind the Kubernetes client and Micrometer
          "java.management", // the JVM's own figures; no port and no agent come with it
          "java.naming", // Jetty's host name checks and Logback's class loading name its types
          "java.net.http", // the channel's WebSocket, and the Kubernetes client's calls
          "java.xml", // logback.xml
          "jdk.unsupported"); // sun.misc.Unsafe, which Jackson, Jetty and Caffeine look for

  /** Flags of every JVM in an image; a container's limits decide how much each share is. */
  private static final List<String> FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:MaxRAMPercentage=50",
          "-XX:MaxDirectMemorySize=96m",
          "-XX:ReservedCodeCacheSize=64m",
          "-XX:+ExitOnOutOfMemoryError",
          // Nothing of a process's memory, which holds keys and prompts, leaves it.
          "-XX:-HeapDumpOnOutOfMemoryError",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:+DisableAttachMechanism",
          "-XX:-UsePerfData",
          "-Djdk.disableLastUsageTracking=true",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** One image: the module it is made of, its entry, and the ports it listens on. */
  private record Image(String component, String main, List<Integer> ports) {}

  private static final List<Image> IMAGES =
      List.of(
          new Image("operator", "dev.changeover.operator.OperatorMain", List.of(9443, 9090)),
          new Image("gateway", "dev.changeover.gateway.GatewayMain", List.of(8080, 9090)));

  /** What goes where; {@code content} is a file on disk, some bytes, a link or a directory. */
  private sealed interface Entry {
    record FileOf(Path source, int mode) implements Entry {}

    record Text(byte[] bytes) implements Entry {}

    record Link(String target) implements Entry {}

    record Directory(int mode) implements Entry {}
  }

  private record Blob(String digest, byte[] bytes) {
    static Blob of(byte[] bytes) {
      return new Blob(sha256(bytes), bytes);
    }
  }

  /** A layer as it is stored, and the digest of what it unpacks to. */
  private record Layer(Blob stored, String unpackedDigest, long unpackedBytes) {}

  private final Path home;
  private final Path output;
  private final String registry;

  private Images(Path home, Path output, String registry) {
    this.home = home;
    this.output = output;
    this.registry = registry;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path home = Path.of("");
    Path output = Path.of("target/images");
    String registry = "localhost";
    for (int i = 0; i < arguments.length; i += 2) {
      String value = i + 1 < arguments.length ? arguments[i + 1] : "";
      switch (value.isEmpty() ? "" : arguments[i]) {
        case "--home" -> home = Path.of(value);
        case "--output" -> output = Path.of(value);
        case "--registry" -> registry = value;
        default -> {
          System.err.println("usage: ./changeover images [--output DIR] [--registry NAME]");
          System.exit(arguments[i].equals("--help") ? 0 : USAGE);
        }
      }
    }
    if (!System.getProperty("os.name").equals("Linux")) {
      System.err.println("changeover: images are built on Linux: they hold this machine's runtime");
      System.exit(USAGE);
    }
    new Images(home.toAbsolutePath().normalize(), output, registry).build();
  }

  private void build() throws IOException, InterruptedException {
    Files.createDirectories(output);
    Path runtime = Files.createTempDirectory(Files.createDirectories(home.resolve("target")), "jlink");
    try {
      Layer shared = layer(runtime(runtime.resolve("java")));
      for (Image image : IMAGES) {
        write(image, shared);
      }
    } finally {
      delete(runtime);
    }
  }

  private void write(Image image, Layer runtime) throws IOException {
    Path module = home.resolve(image.component());
    String classPath = Files.readString(module.resolve("target/classpath.txt")).strip();
    String version = version();
    Path own = module.resolve("target/%s-%s.jar".formatted(image.component(), version));
    List<Path> jars =
        Stream.concat(
                Stream.of(own), Stream.of(classPath.split(":")).filter(s -> !s.isEmpty()).map(Path::of))
            .toList();
    SortedMap<String, Entry> libraries = new TreeMap<>();
    SortedMap<String, Entry> ours = new TreeMap<>();
    for (Path jar : jars) {
      boolean isOurs = jar.startsWith(home);
      (isOurs ? ours : libraries).put("app/" + jar.getFileName(), new Entry.FileOf(jar, 0644));
    }
    ours.put("app/java.options", new Entry.Text(options(jars).getBytes(StandardCharsets.UTF_8)));
    List<Layer> layers = List.of(runtime, layer(libraries), layer(ours));

    String repository = "changeover-" + image.component();
    String name = "%s/%s:%s".formatted(registry, repository, version);
    Blob config = Blob.of(json(config(image, version, layers)));
    Blob manifest = Blob.of(json(manifest(config, layers)));
    SortedMap<String, byte[]> blobs = new TreeMap<>();
    layers.forEach(layer -> blobs.put(layer.stored().digest(), layer.stored().bytes()));
    blobs.put(config.digest(), config.bytes());
    blobs.put(manifest.digest(), manifest.bytes());

    Path archive = output.resolve("%s-%s.tar".formatted(repository, version));
    try (var tar = new Tar(new BufferedOutputStream(Files.newOutputStream(archive)))) {
      tar.file("oci-layout", json(Map.of("imageLayoutVersion", "1.0.0")), 0644);
      tar.file("index.json", json(index(manifest, name, version)), 0644);
      tar.file("manifest.json", json(List.of(dockerManifest(config, layers, name))), 0644);
      tar.directory("blobs", 0755);
      tar.directory("blobs/sha256", 0755);
      for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
        tar.file("blobs/sha256/" + blob.getKey(), blob.getValue(), 0644);
      }
    }
    long unpacked = layers.stream().mapToLong(Layer::unpackedBytes).sum();
    System.out.printf(
        "%s  %s  sha256:%s%n  %.1f MB, unpacked %.1f MB, of which the shared runtime %.1f MB%n",
        archive,
        name,
        manifest.digest(),
        Files.size(archive) / 1e6,
        unpacked / 1e6,
        runtime.unpackedBytes() / 1e6);
  }

  private String version() throws IOException {
    Matcher version =
        Pattern.compile("<artifactId>changeover</artifactId>\\s*<version>([^<]+)</version>")
            .matcher(Files.readString(home.resolve("pom.xml")));
    if (!version.find()) {
      throw new IOException("pom.xml names no version");
    }
    return version.group(1);
  }

  private static String options(List<Path> jars) {
    String classPath =
        jars.stream().map(jar -> "/app/" + jar.getFileName()).collect(Collectors.joining(":"));
    return String.join("\n", FLAGS) + "\n-cp\n" + classPath + "\n";
  }

  // -- the runtime layer

  private SortedMap<String, Entry> runtime(Path java) throws IOException, InterruptedException {
    Path jdk = Path.of(System.getProperty("java.home"));
    run(
        List.of(
            jdk.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", MODULES),
            "--no-header-files",
            "--no-man-pages",
            "--vm=server",
            "--compress=zip-0", // the layer is compressed, and a JVM starts faster from plain classes
            "--output",
            java.toString()));
    SortedMap<String, Entry> entries = new TreeMap<>();
    Set<Path> needed = new LinkedHashSet<>();
    try (Stream<Path> files = Files.walk(java)) {
      for (Path file : files.sorted().toList()) {
        String inside = "opt/java/" + java.relativize(file);
        if (Files.isSymbolicLink(file)) {
          entries.put(inside, new Entry.Link(Files.readSymbolicLink(file).toString()));
        } else if (Files.isRegularFile(file)) {
          boolean program = Files.isExecutable(file);
          entries.put(inside, new Entry.FileOf(file, program ? 0755 : 0644));
          if (program || inside.endsWith(".so")) {
            needed.addAll(libraries(file));
          }
        }
      }
    }
    // What only a developer runs, or a process that starts others.
    List.of("bin/keytool", "bin/jrunscript", "lib/jexec", "lib/jspawnhelper", "lib/classlist")
        .forEach(unused -> entries.remove("opt/java/" + unused));
    for (Path library : needed) {
      entries.put(library.toString().substring(1), new Entry.FileOf(library.toRealPath(), 0755));
    }
    entries.put("etc/passwd", text("changeover:x:65532:65532::/tmp:/sbin/nologin\n"));
    entries.put("etc/group", text("changeover:x:65532:\n"));
    entries.put("etc/nsswitch.conf", text("hosts: files dns\n"));
    entries.put("tmp", new Entry.Directory(01777));
    return entries;
  }

  /** The system's libraries that a program or library is linked with, where the loader looks. */
  private static Set<Path> libraries(Path binary) throws IOException, InterruptedException {
    Set<Path> found = new TreeSet<>();
    Pattern line = Pattern.compile("^\\s*(?:\\S+ => )?(/\\S+) \\(0x");
    for (String text : run(List.of("ldd", binary.toString())).split("\n")) {
      Matcher library = line.matcher(text);
      if (library.find() && !library.group(1).contains("/lib/server/")) {
        Path path = Path.of(library.group(1));
        if (!path.startsWith(binary.getParent())) {
          found.add(path);
        }
      }
    }
    return found;
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed: " + said);
    }
    return said;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  // -- layers and documents

  private static Entry text(String text) {
    return new Entry.Text(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Layer layer(SortedMap<String, Entry> entries) throws IOException {
    var plain = new ByteArrayOutputStream();
    Set<String> directories = new TreeSet<>();
    try (var tar = new Tar(plain)) {
      for (Map.Entry<String, Entry> entry : entries.entrySet()) {
        String path = entry.getKey();
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
          if (directories.add(path.substring(0, slash))) {
            tar.directory(path.substring(0, slash), 0755);
          }
        }
        switch (entry.getValue()) {
          case Entry.FileOf(Path source, int mode) ->
              tar.file(path, Files.readAllBytes(source), mode);
          case Entry.Text(byte[] bytes) -> tar.file(path, bytes, 0644);
          case Entry.Link(String target) -> tar.link(path, target);
          case Entry.Directory(int mode) -> tar.directory(path, mode);
        }
      }
    }
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      plain.writeTo(gzip);
    }
    return new Layer(Blob.of(packed.toByteArray()), sha256(plain.toByteArray()), plain.size());
  }

  private static Map<String, Object> config(Image image, String version, List<Layer> layers) {
    Map<String, Object> ports = new TreeMap<>();
    image.ports().forEach(port -> ports.put(port + "/tcp", Map.of()));
    return Map.of(
        "architecture",
        System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch"),
        "os",
        "linux",
        "created",
        CREATED,
        "config",
        Map.of(
            "Entrypoint",
            List.of("/opt/java/bin/java", "@/app/java.options", image.main()),
            "Env",
            List.of("PATH=/opt/java/bin", "LANG=C.UTF-8"),
            "User",
            "65532:65532",
            "WorkingDir",
            "/tmp",
            "ExposedPorts",
            ports,
            "Labels",
            Map.of(
                "org.opencontainers.image.title",
                "changeover-" + image.component(),
                "org.opencontainers.image.version",
                version)),
        "rootfs",
        Map.of(
            "type",
            "layers",
            "diff_ids",
            layers.stream().map(layer -> "sha256:" + layer.unpackedDigest()).toList()),
        "history",
        Stream.of("runtime", "libraries", "changeover")
            .map(part -> Map.of("created", CREATED, "created_by", part))
            .toList());
  }

  private static Map<String, Object> manifest(Blob config, List<Layer> layers) {
    return Map.of(
        "schemaVersion",
        2,
        "mediaType",
        "application/vnd.oci.image.manifest.v1+json",
        "config",
        descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers",
        layers.stream()
            .map(layer ->
                descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer.stored()))
            .toList());
  }

  private static Map<String, Object> index(Blob manifest, String name, String tag) {
    Map<String, Object> entry =
        new TreeMap<>(descriptor("application/vnd.oci.image.manifest.v1+json", manifest));
    entry.put(
        "annotations",
        Map.of("io.containerd.image.name", name, "org.opencontainers.image.ref.name", tag));
    return Map.of(
        "schemaVersion",
        2,
        "mediaType",
        "application/vnd.oci.image.index.v1+json",
        "manifests",
        List.of(entry));
  }

  private static Map<String, Object> dockerManifest(Blob config, List<Layer> layers, String name) {
    return Map.of(
        "Config",
        "blobs/sha256/" + config.digest(),
        "RepoTags",
        List.of(name),
        "Layers",
        layers.stream().map(layer -> "blobs/sha256/" + layer.stored().digest()).toList());
  }

  private static Map<String, Object> descriptor(String mediaType, Blob blob) {
    return Map.of(
        "mediaType", mediaType, "digest", "sha256:" + blob.digest(), "size", blob.bytes().length);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] json(Object value) {
    var text = new StringBuilder();
    json(value, text);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Members in the order of their names; none of these texts has a character to escape. */
  private static void json(Object value, StringBuilder text) {
    switch (value) {
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> member : new TreeMap<>(map).entrySet()) {
          text.append(separator).append('"').append(member.getKey()).append("\":");
          json(member.getValue(), text);
          separator = ",";
        }
        text.append(map.isEmpty() ? "{}" : "}");
      }
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          text.append(separator);
          json(element, text);
          separator = ",";
        }
        text.append(list.isEmpty() ? "[]" : "]");
      }
      case Number number -> text.append(number);
      default -> text.append('"').append(value).append('"');
    }
  }

  /** A tar in the ustar form: owner root, time 0, and nothing that depends on the machine. */
  private static final class Tar implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int NAME_MAX = 100;
    private static final int PREFIX_MAX = 155;

    private final OutputStream out;

    Tar(OutputStream out) {
      this.out = out;
    }

    void file(String path, byte[] content, int mode) throws IOException {
      header(path, content.length, mode, '0', "");
      out.write(content);
      out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    void directory(String path, int mode) throws IOException {
      header(path + "/", 0, mode, '5', "");
    }

    void link(String path, String target) throws IOException {
      header(path, 0, 0777, '2', target);
    }

    private void header(String path, long size, int mode, char type, String target)
        throws IOException {
      int cut = path.length() <= NAME_MAX ? -1 : path.lastIndexOf('/', PREFIX_MAX);
      String name = path.substring(cut + 1);
      if (name.length() > NAME_MAX || target.length() > NAME_MAX) {
        throw new IOException("too long for this kind of archive: " + path);
      }
      ByteBuffer header = ByteBuffer.allocate(BLOCK);
      put(header, 0, name);
      put(header, 100, "%07o".formatted(mode));
      put(header, 108, "0000000"); // user, group: root
      put(header, 116, "0000000");
      put(header, 124, "%011o".formatted(size));
      put(header, 136, "00000000000"); // time
      put(header, 148, "        "); // the sum counts its own field as blanks
      put(header, 156, String.valueOf(type));
      put(header, 157, target);
      put(header, 257, "ustar");
      put(header, 263, "00");
      put(header, 345, cut < 0 ? "" : path.substring(0, cut));
      int sum = 0;
      for (byte one : header.array()) {
        sum += one & 0xff;
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      out.write(header.array());
    }

    private static void put(ByteBuffer header, int at, String text) {
      header.put(at, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      out.write(new byte[2 * BLOCK]);
      out.close();
    }
  }
}
