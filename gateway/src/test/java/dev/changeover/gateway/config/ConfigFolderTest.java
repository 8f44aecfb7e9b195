package dev.changeover.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.changeover.contract.ApiKey;
import dev.changeover.contract.Bundle;
import dev.changeover.contract.ContractJson;
import dev.changeover.contract.Credentials;
import dev.changeover.contract.Evidence;
import dev.changeover.contract.Hold;
import dev.changeover.contract.HoldKey;
import dev.changeover.contract.HoldSet;
import dev.changeover.contract.KeyRef;
import dev.changeover.contract.ObjectName;
import dev.changeover.contract.ProviderConfig;
import dev.changeover.contract.ProviderType;
import dev.changeover.contract.Reason;
import dev.changeover.contract.Revision;
import dev.changeover.contract.RouteConfig;
import dev.changeover.contract.TargetConfig;
import dev.changeover.contract.UnusableObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFolderTest {
  private static final String CONFIG =
      """
      {
        "providers": [
          {"name": "anthropic", "type": "Anthropic", "keys": ["main"],
           "timeouts": {"firstToken": "45s"},
           "models": [{"name": "claude-sonnet-4-5", "contextWindow": 200000}]},
          {"name": "vllm", "type": "OpenAICompatible", "baseUrl": "http://127.0.0.1:9/v1"}
        ],
        "routes": [
          {"name": "assistant", "models": ["assistant"], "attempts": {"waitOut": "500ms"},
           "targets": [
             {"provider": "anthropic", "model": "claude-sonnet-4-5"},
             {"provider": "vllm", "model": "llama"}]}
        ]
      }
      """;
  private static final String CREDENTIALS = "{\"keys\": {\"anthropic/main\": \"sk-ant-canary\"}}";
  private static final ObjectName ANTHROPIC = new ObjectName("default", "anthropic");

  @TempDir Path folder;
  private final ConfigStore store = new ConfigStore();
  private final List<HoldSet> heard = new ArrayList<>();
  private ConfigFolder reader;

  @BeforeEach
  void open() {
    reader = new ConfigFolder(folder, store, heard::add);
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  /** Two looks: the first sees that something changed, the second that it has stopped changing. */
  private ConfigFolder.Look lookTwice() {
    reader.look();
    return reader.look();
  }

  @Test
  void aHandWrittenFolderIsFilledInAndServes() throws IOException {
    write("config.json", CONFIG);
    write("credentials.json", CREDENTIALS);

    lookTwice();

    RoutingTable table = store.current();
    ProviderConfig provider = table.provider(ANTHROPIC).orElseThrow();
    assertThat(provider.baseUrl()).hasToString("https://api.anthropic.com");
    assertThat(provider.timeouts().firstToken()).isEqualTo(Duration.ofSeconds(45));
    assertThat(provider.fingerprint()).isNotEmpty();
    KeyRef key = provider.keys().getFirst();
    assertThat(key.name()).isEqualTo("main");
    assertThat(table.key(key.keyId())).contains(new ApiKey("sk-ant-canary"));
    RouteConfig route = table.route("default", "assistant").orElseThrow();
    assertThat(route.attempts().waitOut()).isEqualTo(Duration.ofMillis(500));
    assertThat(route.targets())
        .allMatch(target -> target instanceof TargetConfig.Usable)
        .extracting(TargetConfig::name)
        .containsExactly("anthropic/claude-sonnet-4-5", "vllm/llama");
    assertThat(table.revision()).isEqualTo(new Revision(0, 1));
  }

  @Test
  void aMissingKeyMakesItsTargetsUnusableAndHarmsNothingElse() throws IOException {
    write("config.json", CONFIG);

    lookTwice();

    List<TargetConfig> targets =
        store.current().route("default", "assistant").orElseThrow().targets();
    assertThat(targets.getFirst())
        .isEqualTo(
            new TargetConfig.Unusable(
                "anthropic/claude-sonnet-4-5",
                ANTHROPIC,
                "claude-sonnet-4-5",
                "SecretKeyMissing",
                "credentials.json has no default/anthropic/main"));
    assertThat(targets.getLast()).isInstanceOf(TargetConfig.Usable.class);
  }

  @Test
  void aMissingProviderIsSaid() throws IOException {
    write("config.json", CONFIG.replace("\"provider\": \"vllm\"", "\"provider\": \"team/gone\""));
    write("credentials.json", CREDENTIALS);

    lookTwice();

    assertThat(store.current().route("default", "assistant").orElseThrow().targets().getLast())
        .isInstanceOfSatisfying(
            TargetConfig.Unusable.class,
            target -> {
              assertThat(target.reason()).isEqualTo("ProviderNotFound");
              assertThat(target.message()).isEqualTo("there is no provider team/gone");
            });
  }

  @Test
  void brokenJsonIsRefusedOnceAndTheLastGoodOneServesOn() throws IOException {
    write("config.json", CONFIG);
    lookTwice();
    RoutingTable before = store.current();

    write("config.json", CONFIG.substring(0, 200));
    ConfigFolder.Look refusal = lookTwice();
    ConfigFolder.Look afterwards = reader.look();

    assertThat(refusal)
        .isInstanceOfSatisfying(
            ConfigFolder.Look.Refused.class,
            refused -> assertThat(refused.reason()).startsWith("config.json: "));
    assertThat(afterwards).isInstanceOf(ConfigFolder.Look.Unchanged.class);
    assertThat(store.current()).isSameAs(before);
  }

  @Test
  void brokenCredentialsAreRefusedWithoutQuotingThem() throws IOException {
    write("config.json", CONFIG);
    write("credentials.json", "{\"keys\": {\"anthropic/main\": \"sk-ant-canary\" oops}");

    ConfigFolder.Look look = lookTwice();

    assertThat(look)
        .isInstanceOfSatisfying(
            ConfigFolder.Look.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .startsWith("credentials.json: ")
                    .doesNotContain("canary"));
    assertThat(store.hasConfig()).isFalse();
  }

  @Test
  void aFileThatIsStillBeingWrittenIsNotRead() throws IOException {
    write("config.json", CONFIG.substring(0, 200));
    ConfigFolder.Look first = reader.look();
    write("config.json", CONFIG);
    ConfigFolder.Look second = reader.look();
    ConfigFolder.Look third = reader.look();

    assertThat(first).isInstanceOf(ConfigFolder.Look.Changing.class);
    assertThat(second).isInstanceOf(ConfigFolder.Look.Changing.class);
    assertThat(third).isInstanceOf(ConfigFolder.Look.Offered.class);
  }

  @Test
  void anUnknownMajorVersionIsRejectedAndTheLastGoodOneServesOn() throws IOException {
    write("config.json", CONFIG);
    lookTwice();
    RoutingTable before = store.current();

    write("config.json", "{\"contract\": \"2.0\", \"providers\": [], \"routes\": []}");
    ConfigFolder.Look look = lookTwice();

    assertThat(look)
        .isEqualTo(
            new ConfigFolder.Look.Offered(
                new Taken.Rejected(
                    "it is written in contract version 2.0 and this gateway reads 1.0"),
                List.of()));
    assertThat(store.current()).isSameAs(before);
  }

  @Test
  void oneBrokenObjectIsNamedAndTheOthersServe() throws IOException {
    write(
        "config.json",
        CONFIG.replace("\"baseUrl\": \"http://127.0.0.1:9/v1\"", "\"baseUrl\": \"ftp://x\""));
    write("credentials.json", CREDENTIALS);

    ConfigFolder.Look look = lookTwice();

    assertThat(look)
        .isInstanceOfSatisfying(
            ConfigFolder.Look.Offered.class,
            offered ->
                assertThat(offered.taken())
                    .isInstanceOfSatisfying(
                        Taken.Applied.class,
                        applied ->
                            assertThat(applied.unusable())
                                .extracting(object -> object.name().toString())
                                .containsExactly("default/vllm")));
    assertThat(store.current().provider(ANTHROPIC)).isPresent();
    assertThat(store.current().provider(new ObjectName("default", "vllm"))).isEmpty();
  }

  @Test
  void ofTwoObjectsWithOneNameTheFirstServesAndTheSecondIsNamed() throws IOException {
    write(
        "config.json",
        """
        {"providers": [
           {"name": "openai", "type": "OpenAI", "keys": ["main"]},
           {"name": "default/openai", "type": "Anthropic", "keys": ["spare"]}],
         "routes": [
           {"name": "a", "models": ["first"], "targets": [{"provider": "openai", "model": "m"}]},
           {"name": "a", "models": ["second"], "targets": [
             {"provider": "openai", "model": "m", "overrides": {"system": "canary"}}]}]}
        """);
    write("credentials.json", "{\"keys\": {\"openai/main\": \"sk-canary\"}}");

    assertThat(lookTwice())
        .isInstanceOfSatisfying(
            ConfigFolder.Look.Offered.class,
            offered ->
                assertThat(offered.taken())
                    .isInstanceOfSatisfying(
                        Taken.Applied.class,
                        applied ->
                            assertThat(applied.unusable())
                                .extracting(
                                    object -> object.kind() + " " + object.name(),
                                    UnusableObject::message)
                                .containsExactly(
                                    tuple(
                                        "LlmProvider default/openai",
                                        "an earlier LlmProvider has the same name,"
                                            + " and that one counts"),
                                    tuple(
                                        "LlmRoute default/a",
                                        "an earlier LlmRoute has the same name,"
                                            + " and that one counts"))));
    assertThat(store.current().config().providers())
        .extracting(ProviderConfig::type)
        .containsExactly(ProviderType.OPENAI);
    assertThat(store.current().route("default", "first").orElseThrow().targets())
        .allMatch(target -> target instanceof TargetConfig.Usable);
    assertThat(store.current().route("default", "second")).isEmpty();
  }

  @Test
  void aListenersMistakeKeepsNoOtherFromTheNewTable() throws IOException {
    List<RoutingTable> told = new ArrayList<>();
    store.onChange(_ -> {
      throw new IllegalStateException("its own mistake");
    });
    store.onChange(told::add);
    write("config.json", CONFIG);

    assertThat(lookTwice()).isInstanceOf(ConfigFolder.Look.Offered.class);
    assertThat(told).containsExactly(store.current());
    assertThat(store.applied()).isPresent();
  }

  @Test
  void whatIsOfNoUseIsSaid() throws IOException {
    write(
        "config.json",
        """
        {"providers": [
           {"type": "OpenAI", "keys": ["main"]},
           {"name": "openai", "type": "OpenAI", "keys": ["main", "spare"]}, 7],
         "routes": [{"name": "team/a/b", "models": ["m"], "targets": []}]}
        """);
    write(
        "credentials.json",
        "{\"keys\": {\"openai/main\": \"sk-canary\", \"opanai/spare\": \"sk-canary\"}}");

    assertThat(lookTwice())
        .isInstanceOfSatisfying(
            ConfigFolder.Look.Offered.class,
            offered ->
                assertThat(offered.remarks())
                    .containsExactly(
                        "credentials.json has no default/openai/spare",
                        "providers[0] has no name that can be used",
                        "providers[2] has no name that can be used",
                        "routes[0] has no name that can be used",
                        "credentials.json: no provider has a key opanai/spare"));
  }

  @Test
  void ofManyThatCannotBeUsedTheFirstAreNamed() {
    assertThat(ConfigFolder.shown(List.of("one", "two"))).isEqualTo("one; two");
    assertThat(ConfigFolder.shown(Collections.nCopies(13, "one")))
        .isEqualTo("one; ".repeat(10) + "and 3 more");
  }

  @Test
  void whatCouldNotBeReadIsTriedAgainThoughNothingSeemsToHaveChanged() throws IOException {
    Path config = folder.resolve("config.json");
    write("config.json", CONFIG.replace("{", "["));
    FileTime written = Files.getLastModifiedTime(config);
    assertThat(lookTwice()).isInstanceOf(ConfigFolder.Look.Refused.class);

    write("config.json", CONFIG);
    Files.setLastModifiedTime(config, written);
    for (int i = 1; i < ConfigFolder.RETRY_LOOKS; i++) {
      assertThat(reader.look()).isInstanceOf(ConfigFolder.Look.Unchanged.class);
    }
    assertThat(reader.look()).isInstanceOf(ConfigFolder.Look.Offered.class);
    assertThat(reader.look()).isInstanceOf(ConfigFolder.Look.Unchanged.class);
  }

  @Test
  void anEmptyFolderIsNoNews() {
    assertThat(lookTwice()).isInstanceOf(ConfigFolder.Look.Nothing.class);
    assertThat(store.hasConfig()).isFalse();
  }

  @Test
  void aFolderThatVanishesLeavesTheLastGoodOne() throws IOException {
    write("config.json", CONFIG);
    lookTwice();
    Files.delete(folder.resolve("config.json"));

    assertThat(lookTwice()).isInstanceOf(ConfigFolder.Look.Nothing.class);
    assertThat(store.hasConfig()).isTrue();
  }

  @Test
  void anOperatorsRevisionIsNewerThanAnyEdit() throws IOException {
    store.offer(
        new Revision(1, 0), ContractJson.parse("{\"contract\": \"1.0\"}"), Credentials.NONE);
    write("config.json", CONFIG);
    write("credentials.json", CREDENTIALS);

    assertThat(lookTwice())
        .isEqualTo(new ConfigFolder.Look.Offered(new Taken.Older(new Revision(1, 0)), List.of()));
  }

  @Test
  void aBundleIsTakenWithItsHoldsWhenItsLinkIsSwapped() throws IOException {
    ContractFiles.write(folder.resolve("one"), bundle(new Revision(1, 1), HoldSet.EMPTY));
    link("one");
    lookTwice();
    HoldKey held = new HoldKey.OfProvider(ANTHROPIC);
    Hold ban =
        new Hold(Reason.ACCOUNT_DISABLED, Instant.EPOCH, Optional.empty(), 0, Evidence.NONE, "");
    HoldSet holds = HoldSet.EMPTY.held(held, ban);

    ContractFiles.write(folder.resolve("two"), bundle(new Revision(1, 2), holds));
    link("two");
    ConfigFolder.Look look = lookTwice();

    assertThat(look)
        .isEqualTo(
            new ConfigFolder.Look.Offered(
                new Taken.Applied(new Revision(1, 2), List.of()), List.of()));
    assertThat(heard.getLast().inForce(held, Instant.EPOCH.plusSeconds(9))).contains(ban);
  }

  @Test
  void aDamagedBundleIsRefusedAndTheLastGoodOneServesOn() throws IOException {
    ContractFiles.write(folder.resolve("one"), bundle(new Revision(1, 1), HoldSet.EMPTY));
    link("one");
    lookTwice();
    Bundle next = bundle(new Revision(1, 2), HoldSet.EMPTY);

    ContractFiles.write(folder.resolve("two"), next);
    Files.writeString(folder.resolve("two").resolve(Bundle.DIGEST), "00".repeat(32));
    link("two");
    ConfigFolder.Look look = lookTwice();

    assertThat(look)
        .isEqualTo(new ConfigFolder.Look.Refused("bundle.json.gz does not match bundle.sha256"));
    assertThat(store.current().revision()).isEqualTo(new Revision(1, 1));
  }

  @Test
  void aChangeIsTakenWithoutARestart() throws IOException {
    write("config.json", CONFIG);
    ConfigFolder.Look first = reader.start();
    write("config.json", CONFIG.replace("\"assistant\"]", "\"assistant\", \"second\"]"));

    assertThat(first).isInstanceOf(ConfigFolder.Look.Offered.class);
    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(store.current().route("default", "second")).isPresent());
  }

  private static Bundle bundle(Revision revision, HoldSet holds) {
    return new Bundle(
        revision, ContractJson.parse("{\"contract\": \"1.0\"}"), Credentials.NONE, holds);
  }

  /** As the kubelet does it: files are links into ..data, and ..data is swapped by a rename. */
  private void link(String version) throws IOException {
    Path fresh = folder.resolve("..data_tmp");
    Files.createSymbolicLink(fresh, Path.of(version));
    Files.move(fresh, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String name : List.of(Bundle.DOCUMENT, Bundle.DIGEST)) {
      if (!Files.isSymbolicLink(folder.resolve(name))) {
        Files.createSymbolicLink(folder.resolve(name), Path.of("..data", name));
      }
    }
  }

  /** A bundle's files in a folder of their own. */
  private static final class ContractFiles {
    static void write(Path folder, Bundle bundle) throws IOException {
      Files.createDirectories(folder);
      for (Map.Entry<String, byte[]> file : bundle.encode().entrySet()) {
        Files.write(folder.resolve(file.getKey()), file.getValue());
      }
    }
  }
}
