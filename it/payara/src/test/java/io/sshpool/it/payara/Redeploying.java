package io.sshpool.it.payara;

import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/** Payara Micro that deploys {@code app.war} of its directory anew when the time of {@code redeploy} changes: it has no folder to watch. */
final class Redeploying {

    static final String TRIGGER = "redeploy";
    private static final String APPLICATION = "app";
    private static final long LOOK = 200;

    private Redeploying() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path trigger = Files.createFile(Path.of(TRIGGER));
        PayaraMicro.main(args);
        PayaraMicroRuntime server = PayaraMicro.getInstance().getRuntime();
        FileTime seen = Files.getLastModifiedTime(trigger);
        while (true) {
            Thread.sleep(LOOK);
            FileTime now = Files.getLastModifiedTime(trigger);
            if (!now.equals(seen)) {
                seen = now;
                server.undeploy(APPLICATION);
                server.deploy(APPLICATION, "/", Path.of(APPLICATION + ".war").toFile());
            }
        }
    }
}
