package io.sshpool.examples;

import io.sshpool.Command;
import io.sshpool.ExecResult;
import io.sshpool.GroupResult;
import io.sshpool.Pooled;
import io.sshpool.RemoteFile;
import io.sshpool.RemoteFiles;
import io.sshpool.RemoteProcess;
import io.sshpool.SshClient;
import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Sudo;
import io.sshpool.Transfer;
import io.sshpool.Tunnel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.logging.Logger;

/** Examples in methods of one bean. */
@ApplicationScoped
class Examples {

    static final Logger log = Logger.getLogger(Examples.class.getName());

    @Inject
    @Pooled("build")
    SshClient build; // a target named in the configuration

    @Inject
    @Pooled("deploy@web1:22")
    SshClient web1; // a target spelled out

    @Inject
    SshPool pool; // the pool, for code outside a request

    List<String> targets() {
        return List.of(build.target(), web1.target());
    }

    @ActivateRequestContext
    void commands(String name, String program, String secret) {
        build.execute(Command.of("rm", "--", name)); // a program; every argument is quoted
        build.execute(Command.shell("tail -n 5 *.log | sort")); // text for the login shell
        build.execute(Command.script("set -e\nmake \"$1\"\n", "all")); // a script on standard input: sh -s -- all
        build.execute(Command.script(List.of("python3", "-"), program, "a b")); // for any interpreter that reads one
        build.execute(Command.of("systemctl", "restart", "app").sudo()); // as root, where sudo needs no password
        build.execute(
                Command.shell("pg_dump app | gzip").sudo(Sudo.user("postgres").password(secret)));
        build.execute(Command.of("make").workingDirectory("/srv/app").env("LANG", "C"));
    }

    GroupResult manyHosts() {
        GroupResult result = pool.each(List.of("web1", "web2", "deploy@web3"))
                .parallel(5)
                .timeout(Duration.ofMinutes(2))
                .execute(Command.of("systemctl", "is-active", "app"));
        result.failed().forEach(host -> log.warning("not active on " + host));
        return result;
    }

    @ActivateRequestContext
    public void nightly() {
        build.execute("make clean").orThrow();
    }

    public void background() {
        try (SshLease ssh = pool.acquire("build")) {
            ssh.execute("make clean").orThrow();
        }
    }

    public CompletionStage<String> later(String command) {
        return pool.acquireAsync("build")
                .thenCompose(lease -> lease.executeAsync(command)
                        .whenComplete((result, failure) -> lease.close())
                        .thenApply(ExecResult::stdout));
    }

    void talk() throws IOException {
        try (SshLease lease = pool.acquire("build");
                RemoteProcess build = lease.start(Command.of("make", "-C", "/srv/app"))) {
            build.stderr().close(); // not wanted: thrown away
            build.lines().forEach(log::info); // or stdout() for bytes, linePublisher() for a Flow.Subscriber
            build.waitFor().orThrow(); // or exit(), a CompletionStage
        }
    }

    @ActivateRequestContext
    void files() throws IOException {
        RemoteFiles files = build.files();
        files.mkdirs("releases/1.4");
        files.upload(Path.of("target/app.jar"), "releases/1.4/app.jar");
        files.download(
                "logs/app.log", Path.of("app.log"), Transfer.defaults().resume().preserveTimes());
        files.uploadTree(Path.of("site"), "/srv/site", Transfer.defaults().preservePermissions());
        try (InputStream in = files.read("releases/1.4/NOTES")) {
            in.transferTo(System.out);
        }
        files.walk("releases")
                .filter(RemoteFile::isFile)
                .forEach(file -> System.out.println(file.path() + " " + file.size()));
    }

    void tunnel(String user, String password) throws SQLException {
        try (SshLease lease = pool.acquire("bastion");
                Tunnel tunnel = lease.forwardLocal(0, "db.internal", 5432); // port 0: a free one, told by port()
                Connection db = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + tunnel.port() + "/shop", user, password)) {
            db.createStatement().execute("vacuum");
        }
    }
}
