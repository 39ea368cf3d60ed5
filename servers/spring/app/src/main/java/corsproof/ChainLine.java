package corsproof;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** A line in the chain of Spring Security, in place of its own about CORS; servers/spring compiles it from a snippet. */
interface ChainLine {
    void apply(HttpSecurity http) throws Exception;
}
