package io.sshpool.demo.shell;

import java.util.List;
import java.util.Map;

/** The hosts of the demo. */
public final class Personalities {

    private static final String RELEASE = "/srv/app/release";

    private Personalities() {}

    /**
     * Two web servers, the second of which is in need of care, their database, and where releases are built.
     *
     * @return all of them
     */
    public static List<Personality> all() {
        return List.of(web1(), web2(), db1(), build());
    }

    private static Personality web1() {
        return new Personality(
                "web1",
                "web server, in good health",
                41,
                "0.08, 0.11, 0.09",
                """
                Filesystem      Size  Used Avail Use% Mounted on
                /dev/vda1        40G   12G   28G  30% /
                """,
                Map.of(
                        "/etc/hostname",
                        "web1",
                        "/etc/motd",
                        "web1 · behind the load balancer, weight 100",
                        RELEASE,
                        "2.4.1",
                        "/home/demo/access.log",
                        accessLog("200", "200", "304", "200", "404", "200", "200")),
                Map.of("nginx -t", Script.ok("""
                                ! nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
                                ! nginx: configuration file /etc/nginx/nginx.conf test is successful
                                """), "curl -s localhost/health", Script.ok("{\"status\":\"UP\"}")));
    }

    private static Personality web2() {
        return new Personality(
                "web2",
                "web server, full disk, one release behind",
                203,
                "3.91, 3.40, 2.87",
                """
                Filesystem      Size  Used Avail Use% Mounted on
                /dev/vda1        40G   39G  1.0G  98% /
                """,
                Map.of(
                        "/etc/hostname",
                        "web2",
                        "/etc/motd",
                        "web2 · behind the load balancer, weight 10 (see ticket 4711)",
                        RELEASE,
                        "2.4.0",
                        "/home/demo/access.log",
                        accessLog("200", "500", "500", "200", "503", "200", "500")),
                Map.of(
                        "nginx -t",
                        Script.ok("""
                                        ! nginx: [emerg] unexpected "}" in /etc/nginx/sites-enabled/shop.conf:17
                                        ! nginx: configuration file /etc/nginx/nginx.conf test failed
                                        """).failing(1),
                        "curl -s localhost/health",
                        Script.ok("{\"status\":\"DOWN\",\"disk\":\"98%\"}")));
    }

    private static Personality db1() {
        return new Personality(
                "db1",
                "database",
                388,
                "1.02, 0.97, 1.10",
                """
                Filesystem      Size  Used Avail Use% Mounted on
                /dev/vda1        20G  6.1G   14G  31% /
                /dev/vdb1       500G  310G  190G  62% /var/lib/postgresql
                """,
                Map.of(
                        "/etc/hostname", "db1",
                        "/etc/motd", "db1 · primary. Think before you type.",
                        "/home/demo/queries.sql",
                                "select id, total from orders\nwhere placed > now() - interval '1 day';"),
                Map.of(
                        "pg_isready",
                        Script.ok("/var/run/postgresql:5432 - accepting connections"),
                        "backup",
                        Script.slow(400, """
                                dumping orders ...... 1,204,331 rows
                                dumping customers ...   310,007 rows
                                dumping products ....     8,112 rows
                                written /backup/db1.dump (412 MB)
                                """)));
    }

    private static Personality build() {
        return new Personality(
                "build",
                "where releases are built",
                6,
                "7.85, 6.02, 4.44",
                """
                Filesystem      Size  Used Avail Use% Mounted on
                /dev/nvme0n1p1  200G   88G  112G  44% /
                tmpfs            32G  9.7G   23G  30% /tmp
                """,
                Map.of(
                        "/etc/hostname",
                        "build",
                        "/etc/motd",
                        "build · 16 cores, all of them busy",
                        RELEASE,
                        "2.4.1",
                        "/srv/app/Makefile",
                        "all: compile test package"),
                Map.of(
                        "make",
                        Script.slow(250, """
                                compiling 212 files
                                ! warning: Cart.java uses a deprecated API
                                running 1,480 tests
                                packaging app-2.4.2.tar.gz
                                done
                                """),
                        "make test",
                        Script.slow(250, """
                                        running 1,480 tests
                                        ! CartTest: a cart with nothing in it costs nothing: expected 0 but was 3.90
                                        ! 1 of 1,480 tests failed
                                        """).failing(2)));
    }

    private static String accessLog(String... statuses) {
        StringBuilder log = new StringBuilder();
        for (int i = 0; i < statuses.length; i++) {
            log.append(String.format("10.0.0.%d GET /cart/%d %s\n", 20 + i % 3, 1000 + 7 * i, statuses[i]));
        }
        return log.toString();
    }
}
