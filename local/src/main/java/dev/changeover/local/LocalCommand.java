package dev.changeover.local;

import dev.changeover.local.fleet.FileWatch;
import dev.changeover.local.fleet.GatewayObserver;
import dev.changeover.local.fleet.LocalFleet;
import dev.changeover.local.fleet.Ports;
import dev.changeover.local.resources.Resource;
import dev.changeover.local.resources.ResourceFiles;
import dev.changeover.local.resources.ResourceReading;
import dev.changeover.local.start.CannotStartException;
import dev.changeover.local.start.RunningLocal;
import java.nio.file.Path;
import java.util.List;

/** {@code local}: a fleet on the resources of a file or a folder, until it is ended. */
record LocalCommand(Path resources, Ports ports) {
  int run(Terminal terminal) throws CannotStartException, InterruptedException {
    ResourceFiles files = Resources.files(terminal);
    ResourceReading first = files.read(resources);
    List<Resource> given = Resources.accepted(first);
    var clocks = new LocalFleet.Clocks(terminal.clock(), terminal.nanoClock());
    try (var ending = new Ending();
        LocalFleet fleet = LocalFleet.start(given, ports, clocks, GatewayObserver.NOBODY);
        RunningLocal _ =
            RunningLocal.announce(
                RunningLocal.file(terminal.environment(), fleet.operatorPort()),
                fleet.apiServer().getMasterUrl(),
                fleet.apiServer().getOauthToken());
        FileWatch _ =
            FileWatch.start(() -> files.read(resources), first, fleet, terminal.out()::println)) {
      terminal.out().print(new Banner(fleet.urls(), fleet.operatorPort(), given).text());
      terminal.out().flush();
      ending.await();
      terminal.out().println("ending");
      return 0;
    }
  }
}
