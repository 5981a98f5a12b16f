package io.sshpool.impl.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import io.sshpool.Pooled;
import io.sshpool.SshClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import org.junit.jupiter.api.Test;

class HandleRetentionTest {

    private static final int LOOK_UPS = 20_000;
    /** A container that remembers a handle keeps at least 100 bytes for it. */
    private static final long BYTES_A_LOOK_UP = 40;

    @Test
    void lookingHandlesUpRetainsNothing() {
        try (TestContainer container = TestContainer.start(Owner.class)) {
            Owner owner = container.bean(Owner.class);
            owner.lookUp(LOOK_UPS / 4);
            long before = usedHeap();

            owner.lookUp(LOOK_UPS);

            assertThat(usedHeap() - before).isLessThan(LOOK_UPS * BYTES_A_LOOK_UP);
            assertThat(owner.last()).isEqualTo("test");
        }
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Lives as long as the application, and so does its {@code Instance}. */
    @ApplicationScoped
    static class Owner {

        @Inject
        @Any
        Instance<SshClient> clients;

        @Inject
        @Pooled("build")
        Instance<SshClient> build;

        private SshClient last;

        void lookUp(int times) {
            for (int i = 0; i < times / 2; i++) {
                build.get();
                last = clients.select(Pooled.Literal.of("test")).get();
            }
        }

        String last() {
            return last.target();
        }
    }
}
