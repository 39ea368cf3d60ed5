package corsproof;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Spring Security with HTTP's Basic authentication of ada, whose password is x; with .cors() or without. */
@Configuration
@EnableWebSecurity
@ConditionalOnProperty("corsproof.security")
class Security {
    @Bean
    SecurityFilterChain chain(HttpSecurity http, Environment environment, ObjectProvider<ChainLine> pasted) throws Exception {
        http.authorizeHttpRequests(requests -> requests.requestMatchers("/healthz").permitAll().anyRequest().authenticated());
        http.httpBasic(Customizer.withDefaults());
        ChainLine line = pasted.getIfAvailable();
        if (line != null) {
            line.apply(http);
        } else if (environment.getRequiredProperty("corsproof.security").equals("cors")) {
            http.cors(Customizer.withDefaults());
        } else {
            http.cors(cors -> cors.disable());
        }
        if (!environment.getProperty("corsproof.csrf", Boolean.class, false)) {
            http.csrf(csrf -> csrf.disable());
        }
        return http.build();
    }

    @Bean
    UserDetailsService users() {
        return new InMemoryUserDetailsManager(User.withUsername("ada").password("{noop}x").roles("USER").build());
    }
}
