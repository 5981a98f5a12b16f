package io.sshpool.demo.web;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Map;
import java.util.TreeMap;

/** Which release is built, and which the web servers have: the shortest example of handles. */
@Path("/api/release")
public class ReleaseResource {

    @Inject
    @Pooled("build")
    SshClient build;

    @Inject
    @Pooled("web1")
    SshClient web1;

    @Inject
    @Pooled("web2")
    SshClient web2;

    /**
     * Asks the three hosts.
     *
     * @return the release by host
     */
    @GET
    public Map<String, String> releases() {
        Map<String, String> releases = new TreeMap<>();
        releases.put("build", release(build));
        releases.put("web1", release(web1));
        releases.put("web2", release(web2));
        return releases;
    }

    private static String release(SshClient ssh) {
        return ssh.execute("cat /srv/app/release").orThrow().stdout().strip();
    }
}
