package io.sshpool.it.openssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sshpool.SshLease;
import io.sshpool.SshPool;
import io.sshpool.Tunnel;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL behind sshd, through JDBC. */
class DatabaseIT {

    private static EmbeddedPostgres database;

    private PrivateSshd sshd;
    private SshPool pool;

    @BeforeAll
    static void startDatabase() throws IOException {
        database = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        database.close();
    }

    @BeforeEach
    void open() {
        sshd = PrivateSshd.start();
        pool = Pools.open(sshd.target("bastion"), "sshpool.max-connections=1");
    }

    @AfterEach
    void close() {
        pool.close();
        sshd.close();
    }

    private Tunnel tunnel(SshLease lease) {
        return lease.forwardLocal(0, "127.0.0.1", database.getPort());
    }

    private static Connection connect(Tunnel tunnel) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + tunnel.port() + "/postgres", "postgres", "");
    }

    private static long number(Connection db, String query) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Test
    void a_transaction_and_a_large_answer() throws SQLException {
        try (SshLease lease = pool.acquire("bastion");
                Tunnel tunnel = tunnel(lease);
                Connection db = connect(tunnel);
                Statement statement = db.createStatement()) {
            db.setAutoCommit(false);
            statement.execute("create temporary table item (id int, text varchar)");
            assertThat(statement.executeUpdate(
                            "insert into item select n, md5(n::text) from generate_series(1, 200000) n"))
                    .isEqualTo(200_000);
            db.commit();

            long bytes = 0;
            try (ResultSet rows = statement.executeQuery("select text from item order by id")) {
                while (rows.next()) {
                    bytes += rows.getString(1).length();
                }
            }
            assertThat(bytes).isEqualTo(200_000 * 32L);
        }
        assertThat(pool.execute("bastion", "echo on").stdout()).isEqualTo("on\n");
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void twenty_sessions_at_once_through_one_tunnel() {
        try (SshLease lease = pool.acquire("bastion");
                Tunnel tunnel = tunnel(lease)) {
            Crowd.succeed(20, caller -> () -> {
                try (Connection db = connect(tunnel)) {
                    for (int i = 0; i < 20; i++) {
                        assertThat(number(db, "select " + caller + " * 100 + " + i))
                                .isEqualTo(caller * 100 + i);
                    }
                }
                return lease.execute("echo " + caller).orThrow();
            });
        }
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    @Test
    void a_query_ends_with_an_exception_when_its_tunnel_closes() throws Exception {
        try (SshLease lease = pool.acquire("bastion")) {
            Tunnel tunnel = tunnel(lease);
            try (Connection db = connect(tunnel);
                    Connection watch = database.getPostgresDatabase().getConnection()) {
                CompletableFuture<Long> query = CompletableFuture.supplyAsync(() -> {
                    try {
                        return number(db, "select 1 from pg_sleep(60)");
                    } catch (SQLException e) {
                        throw new CompletionException(e);
                    }
                });
                await().until(() -> number(watch, sleepers()) == 1);

                tunnel.close();

                assertThatThrownBy(query::join)
                        .hasCauseInstanceOf(SQLException.class)
                        .hasMessageContaining("I/O error")
                        .rootCause()
                        .isNotInstanceOf(SocketTimeoutException.class);
                // PostgreSQL itself looks at the socket of a sleeping session only when told to.
                number(
                        watch,
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where query like '%pg_sleep(60)' and pid <> pg_backend_pid()");
            }
            assertThat(lease.execute("echo on").stdout()).isEqualTo("on\n");
        }
        assertThat(sshd.accepted()).isEqualTo(1);
    }

    private static String sleepers() {
        return "select count(*) from pg_stat_activity where query = 'select 1 from pg_sleep(60)' and state = 'active'";
    }
}
