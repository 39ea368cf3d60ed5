package corsproof;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the API as the settings in SPRING_APPLICATION_JSON say. */
@SpringBootApplication
@EnableConfigurationProperties(Settings.class)
public class Application {
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Configuration
    @ConditionalOnProperty(name = "corsproof.mapping")
    static class Mapping {
        @Bean
        WebMvcConfigurer cors(Settings settings, org.springframework.core.env.Environment environment) {
            return new WebMvcConfigurer() {
                @Override
                public void addCorsMappings(CorsRegistry registry) {
                    settings.apply(registry.addMapping(environment.getRequiredProperty("corsproof.mapping")));
                }
            };
        }
    }
}
