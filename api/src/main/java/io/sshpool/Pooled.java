package io.sshpool;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import java.util.Objects;

/**
 * Marks an injected {@link SshClient} as a handle on the pool.
 *
 * <pre>{@code
 * @Inject @Pooled("build") SshClient build;         // a target named in the configuration
 * @Inject @Pooled("deploy@web1:22") SshClient web1; // a target spelled out
 * }</pre>
 *
 * <p>A handle borrows a connection at its first operation in a request, shares it with the other handles of the same
 * target in that request, and gives it back when the request scope ends. Outside a request scope it throws an
 * {@link IllegalStateException}; use {@link SshPool#acquire(String)} there.
 */
@Qualifier
@Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface Pooled {

    /**
     * The target's key: an alias of the configuration, or {@code user@host[:port]}.
     *
     * @return the key, the alias {@code default} unless said otherwise
     */
    @Nonbinding
    String value() default "default";

    /** The qualifier as a value, for dynamic look-up: {@code instance.select(Pooled.Literal.of("build"))}. */
    final class Literal extends AnnotationLiteral<Pooled> implements Pooled {

        private static final long serialVersionUID = 1L;

        private final String value;

        private Literal(String value) {
            this.value = Objects.requireNonNull(value, "value");
        }

        /**
         * The qualifier with a key.
         *
         * @param key an alias, or {@code user@host[:port]}
         * @return the qualifier
         */
        public static Literal of(String key) {
            return new Literal(key);
        }

        @Override
        public String value() {
            return value;
        }
    }
}
