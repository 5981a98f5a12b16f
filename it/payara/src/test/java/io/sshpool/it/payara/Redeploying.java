package io.sshpool.it.payara;

import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/** Payara Micro that deploys {@code app.war} of its directory anew when the time of {@code redeploy} changes: it has no folder to watch. */
final class Redeploying {

    static final String TRIGGER = "redeploy";
    private static final String APPLICATION = "app";

    private Redeploying() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of("").toAbsolutePath();
        Files.createFile(folder.resolve(TRIGGER));
        PayaraMicro.main(args);
        PayaraMicroRuntime server = PayaraMicro.getInstance().getRuntime();
        try (WatchService changes = folder.getFileSystem().newWatchService()) {
            folder.register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
            while (true) {
                WatchKey change = changes.take();
                if (change.pollEvents().stream().anyMatch(Redeploying::isTrigger)) {
                    server.undeploy(APPLICATION);
                    server.deploy(
                            APPLICATION,
                            "/",
                            folder.resolve(APPLICATION + ".war").toFile());
                }
                change.reset();
            }
        }
    }

    private static boolean isTrigger(WatchEvent<?> event) {
        return Path.of(TRIGGER).equals(event.context());
    }
}
